import { z } from 'zod';
import { lastsAtMost } from '#domain/duration.js';
import { isLocalDate } from '#domain/local-time.js';
import { type Finding, amountFindings, minorOf } from './money-check.js';
import {
  amount,
  amountOrZero,
  amountOut,
  currency,
  evidence,
  externalId,
  id,
  instant,
  localDate,
  text,
} from './scalars.js';

export const partInput = z
  .strictObject({
    amount,
    dueOn: localDate.optional(),
    milestone: text(200)
      .optional()
      .meta({ description: 'What must be done before the part is due', example: 'delivery' }),
    dueAfter: z
      .string()
      .refine(
        (text) => lastsAtMost(text, 366) && !text.includes('T'),
        'is no duration in days, of a year at most; write it like P14D',
      )
      .optional()
      .meta({
        description:
          'How long after its milestone it is due; as long as the invoice is after its issue unless given',
        example: 'P14D',
      }),
  })
  .refine(({ dueOn, milestone }) => dueOn !== undefined || milestone !== undefined, {
    path: ['dueOn'],
    message: 'is missing; write the due date of the part, or its milestone',
  })
  .refine(({ dueAfter, milestone }) => dueAfter === undefined || milestone !== undefined, {
    path: ['dueAfter'],
    message: 'is of a milestone; name it, or leave this out',
  })
  .meta({ description: 'An instalment with a due date, or a milestone' });

const shape = {
  externalId,
  number: text(100)
    .optional()
    .meta({ description: 'As printed on the invoice; the external id unless given' }),
  customerExternalId: externalId,
  creditorExternalId: externalId
    .optional()
    .meta({ description: "The organisation's only creditor unless given" }),
  kind: text(40).optional().meta({ description: '`invoice` unless given', example: 'invoice' }),
  net: amountOrZero.optional(),
  tax: amountOrZero.optional(),
  total: amount,
  currency,
  issuedOn: localDate,
  dueOn: localDate,
  parts: z.array(partInput).min(1).max(120).optional().meta({
    description: 'Instalments or milestones; one part of the whole amount unless given',
  }),
} as const;

/** What is optional and left out stays as it is (or gets its default, when new). */
export const openItemInput = z
  .strictObject({
    externalId: externalId.meta({ description: 'Of the invoice' }),
    open: amountOrZero.meta({ description: 'What is still owed on it, by the books' }),
    currency,
  })
  .superRefine(({ open, currency: code }, context) => {
    for (const { path, message } of amountFindings(code, [[['open'], open]]))
      context.addIssue({ code: 'custom', path: [...path], message });
  })
  .meta({ description: 'An invoice of a list of all that is open' });

export type OpenItemInput = z.output<typeof openItemInput>;

export const invoiceInput = z
  .strictObject(shape)
  .superRefine((invoice, context) => {
    for (const finding of invoiceFindings(invoice))
      context.addIssue({ code: 'custom', path: [...finding.path], message: finding.message });
  })
  .meta({ description: 'An invoice, created or updated by its external id' });

export type InvoiceInput = z.output<typeof invoiceInput>;

function invoiceFindings(invoice: InvoiceInput): Finding[] {
  const { currency: code, total, net, tax, parts = [], issuedOn, dueOn } = invoice;
  const unfit = amountFindings(code, [
    [['total'], total],
    [['net'], net],
    [['tax'], tax],
    ...parts.map((part, index) => [['parts', index, 'amount'], part.amount] as const),
  ]);
  if (unfit.length > 0) return unfit;
  const late = isLocalDate(dueOn) && isLocalDate(issuedOn) && dueOn < issuedOn;
  const early = { path: ['dueOn'], message: 'is before the issue date; write the issue date or a later day' };
  return [...(late ? [early] : []), ...sumFindings(invoice)];
}

/** Nothing while an amount is none: its own check says so. */
function sumFindings({ currency: code, total, net, tax, parts = [] }: InvoiceInput): Finding[] {
  const minor = (value: string): number => minorOf(value, code) ?? NaN;
  const whole = minor(total);
  const findings: Finding[] = [];
  if (net !== undefined && tax !== undefined) {
    const message = 'is not net plus tax; correct one of the three';
    if (differ(minor(net) + minor(tax), whole)) findings.push({ path: ['total'], message });
  } else if (minor(net ?? tax ?? '0') > whole) {
    const message = 'is more than the total; correct one of the two';
    findings.push({ path: [net === undefined ? 'tax' : 'net'], message });
  }
  const sum = parts.reduce((all, part) => all + minor(part.amount), 0);
  if (parts.length > 0 && differ(sum, whole)) {
    findings.push({ path: ['parts'], message: 'do not add up to the total; correct their amounts' });
  }
  return findings;
}

const differ = (a: number, b: number): boolean => !Number.isNaN(a) && !Number.isNaN(b) && a !== b;

export const invoiceEventInput = z
  .strictObject({
    invoiceExternalId: externalId,
    kind: z.enum(
      ['payment_failed', 'milestone_completed', 'invoice_viewed'],
      'is no event; write payment_failed, milestone_completed or invoice_viewed',
    ),
    sequence: z.int().min(1).max(1_000_000).optional().meta({
      description:
        'Which one, so that recording it again changes nothing: of a milestone the number of its part, else counted on unless given',
    }),
    milestone: text(200)
      .optional()
      .meta({ description: 'Of `milestone_completed`: its name, in place of the number of its part' }),
    dueOn: localDate.optional().meta({
      description: 'Of `milestone_completed`: when its part is due; by the terms of the part unless given',
    }),
    evidence: evidence.optional(),
    effectiveAt: instant.optional().meta({ description: 'When it happened; now unless given' }),
  })
  .refine(
    ({ kind, sequence, milestone }) =>
      kind !== 'milestone_completed' || (sequence === undefined) !== (milestone === undefined),
    {
      path: ['milestone'],
      message:
        'is missing, or stands beside sequence; write the name of the milestone, or the number of its part',
    },
  )
  .refine(
    ({ kind, milestone, dueOn }) =>
      kind === 'milestone_completed' || (milestone === undefined && dueOn === undefined),
    { path: ['kind'], message: 'is no milestone_completed; leave milestone and dueOn out' },
  )
  .meta({ description: 'Something that happened to an invoice and that steps may wait for' });

export const closeInvoiceInput = z
  .strictObject({ reason: text(500).optional() })
  .meta({ description: 'Why an invoice is cancelled, written off or reinstated' });

export const invoicePartResource = z.object({
  sequence: z.int(),
  amount: amountOut,
  paid: amountOut,
  dueOn: localDate.nullable(),
  milestone: z.string().nullable(),
  dueAfter: z.string().nullable(),
  completedAt: instant.nullable(),
});

export const balanceResource = z
  .object({ total: amountOut, paid: amountOut, pending: amountOut, open: amountOut })
  .meta({
    description:
      '`total` = `paid` + `open`; `pending` is the share of `open` announced but not on the books yet',
  });

export const invoiceResource = z
  .object({
    id,
    externalId: z.string(),
    number: z.string(),
    customerId: id,
    customerExternalId: z.string(),
    creditorExternalId: z.string(),
    kind: z.string(),
    net: amountOut,
    tax: amountOut,
    total: amountOut,
    currency,
    issuedOn: localDate,
    dueOn: localDate,
    status: z.enum(['open', 'settled', 'cancelled', 'written_off']),
    settledAt: instant.nullable(),
    balance: balanceResource,
    parts: z.array(invoicePartResource),
    recordedAt: instant,
  })
  .meta({ description: 'An invoice with its balance, derived from allocations' });

export const invoiceEventResource = z
  .object({
    id,
    invoiceExternalId: z.string(),
    kind: invoiceEventInput.shape.kind,
    sequence: z.int(),
    evidence,
    effectiveAt: instant,
    recordedAt: instant,
  })
  .meta({ description: 'Something that happened to an invoice' });

export type InvoiceEventInput = z.output<typeof invoiceEventInput>;
export type InvoiceResource = z.output<typeof invoiceResource>;
export type InvoiceEventResource = z.output<typeof invoiceEventResource>;
