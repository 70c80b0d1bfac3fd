import { z } from 'zod';
import { DOCUMENT_MODES } from '#domain/campaign/document.js';
import { linkProblem } from '#domain/public-link.js';
import { clearable, currency, email, externalId, id, instant, locale, phone, text } from './scalars.js';

export const bankAccountSchema = z
  .strictObject({
    bankName: text(200).optional(),
    iban: z
      .string()
      .regex(/^[A-Z]{2}\d{2}[A-Z0-9 ]{10,40}$/, 'is no IBAN; write it like DE89 3704 0044 0532 0130 00')
      .optional(),
    bic: z
      .string()
      .regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/, 'is no BIC; write 8 or 11 capitals and digits like COBADEFF')
      .optional(),
    accountNumber: text(50).optional(),
    currency: currency.optional().meta({ description: 'Only invoices in this currency name the account' }),
  })
  .meta({ description: 'A bank account that debtors pay to' });

const link = z
  .string()
  .max(2000, 'is too long; write at most 2000 characters')
  .superRefine((value, context) => {
    const message = linkProblem(value);
    if (message) context.addIssue({ code: 'custom', message });
  });

const rate = z
  .strictObject({
    perSecond: z.number('write a number').min(0.001, 'write 0.001 or more').max(1_000, 'write 1000 or less'),
    burst: z
      .int('write a whole number')
      .min(1, 'write 1 or more')
      .max(1_000, 'write 1000 or less')
      .optional(),
  })
  .meta({
    description:
      "How fast it may send: messages a second, and how many at once; the provider's own limit unless given",
  });

const sender = z.strictObject({ address: text(254), name: text(200).optional(), rate: rate.optional() });

const sendersSchema = z
  .strictObject({ email: sender.optional(), sms: sender.optional(), telegram: sender.optional() })
  .meta({
    description: "Who messages come from, by channel; the creditor's own e-mail and telephone unless given",
  });

const brandSchema = z.strictObject({
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'is no colour; write it like #1f4e79')
    .optional(),
  logoUrl: link.optional(),
});

const mailSchema = z
  .strictObject({
    plusAddressing: z.boolean('is no yes or no; write true or false').optional().meta({
      description:
        'Whether mail to `name+anything@domain` reaches `name@domain`: then answers come to an address that names the message',
    }),
    replyDomain: z
      .string()
      .max(200)
      .regex(
        /^(?=.{4,200}$)([a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
        'is no domain; write it in lower case like reply.example.com',
      )
      .optional()
      .meta({
        description: 'A domain all of whose mail is given to Kindly; answers come to addresses of it',
      }),
    document: z
      .enum(DOCUMENT_MODES, `is no way to send a document; write one of ${DOCUMENT_MODES.join(', ')}`)
      .optional()
      .meta({ description: "How an invoice's document goes along with an e-mail; attached unless given" }),
    attachUpToKb: z
      .int('is no whole number; write kilobytes')
      .min(1, 'is too small; write at least 1, or document: link')
      .max(9_000, 'is too large for many mail servers; write at most 9000')
      .optional()
      .meta({ description: 'Larger documents are linked; 5000 unless given' }),
  })
  .meta({ description: 'How e-mail of the creditor is answered, and what it carries' });

/** What is optional and left out stays as it is (or gets its default, when new); null clears. */
export const creditorInput = z
  .strictObject({
    externalId,
    name: text(200),
    party: z
      .enum(['first', 'third'], 'is no party; write first (collects its own) or third (for another)')
      .optional(),
    vatId: clearable(text(50)),
    address: clearable(text(500)),
    website: clearable(link),
    phone,
    email,
    bankAccounts: z.array(bankAccountSchema).max(20).optional(),
    brand: brandSchema.optional(),
    senders: sendersSchema.optional(),
    mail: mailSchema.optional(),
    paymentLink: clearable(link).meta({
      description: "Page to pay at; {number} stands for the invoice's number",
      example: 'https://pay.example.com/{number}',
    }),
    locale: locale.optional(),
  })
  .meta({ description: 'The legal entity that is owed' });

export const creditorResource = z
  .object({
    id,
    externalId: z.string(),
    name: z.string(),
    party: z.enum(['first', 'third']),
    vatId: z.string().nullable(),
    address: z.string().nullable(),
    website: z.string().nullable(),
    phone: z.string(),
    email: z.string(),
    bankAccounts: z.array(bankAccountSchema),
    brand: brandSchema,
    senders: sendersSchema,
    mail: mailSchema,
    paymentLink: z.string().nullable(),
    locale: z.string(),
    recordedAt: instant,
  })
  .meta({ description: 'A creditor' });

export type CreditorInput = z.output<typeof creditorInput>;
export type CreditorResource = z.output<typeof creditorResource>;
