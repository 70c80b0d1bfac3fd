import { z } from 'zod';
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

const url = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s"<>]+$/, 'is no web address; write it with https:// in front');

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
  logoUrl: url.optional(),
});

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
    website: clearable(url),
    phone,
    email,
    bankAccounts: z.array(bankAccountSchema).max(20).optional(),
    brand: brandSchema.optional(),
    senders: sendersSchema.optional(),
    paymentLink: clearable(url).meta({
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
    paymentLink: z.string().nullable(),
    locale: z.string(),
    recordedAt: instant,
  })
  .meta({ description: 'A creditor' });

export type CreditorInput = z.output<typeof creditorInput>;
export type CreditorResource = z.output<typeof creditorResource>;
