import { z } from 'zod';
import { REVERSAL_KINDS } from '#domain/reversal.js';
import { type Finding, amountFindings, minorOf } from './money-check.js';
import { amount, amountOut, currency, externalId, id, instant, localDate, text } from './scalars.js';

const allocationInput = z
  .strictObject({ invoiceExternalId: externalId, amount })
  .meta({ description: 'How much of the money is for which invoice' });

const allocations = z.array(allocationInput).min(1).max(500);

const dated = {
  paidOn: localDate.optional().meta({ description: "Counts from 00:00 of that day in the customer's zone" }),
  effectiveAt: instant.optional().meta({ description: 'In place of paidOn; now unless either is given' }),
};

interface MoneyReceived {
  amount: string;
  currency: string;
  allocations?: { invoiceExternalId: string; amount: string }[] | undefined;
  paidOn?: string | undefined;
  effectiveAt?: string | undefined;
}

function findings(money: MoneyReceived): Finding[] {
  const { currency: code, allocations: shares = [] } = money;
  const unfit = amountFindings(code, [
    [['amount'], money.amount],
    ...shares.map((share, index) => [['allocations', index, 'amount'], share.amount] as const),
  ]);
  if (unfit.length > 0) return unfit;
  const found: Finding[] = [];
  if (money.paidOn !== undefined && money.effectiveAt !== undefined) {
    found.push({ path: ['effectiveAt'], message: 'stands beside the day; write only one of the two' });
  }
  const minor = (value: string): number => minorOf(value, code) ?? NaN;
  if (shares.reduce((sum, share) => sum + minor(share.amount), 0) > minor(money.amount)) {
    found.push({
      path: ['allocations'],
      message: 'are more than the amount; allocate at most what was received',
    });
  }
  return found;
}

export const paymentInput = z
  .strictObject({
    externalId,
    customerExternalId: externalId.optional().meta({
      description: 'Who paid; found through the invoice or the reference unless given',
    }),
    invoiceExternalId: externalId
      .optional()
      .meta({ description: 'Short for one allocation of all that is open there' }),
    amount,
    currency,
    status: z
      .enum(['pending', 'posted'], 'is no status; write pending (announced) or posted (on the books)')
      .optional()
      .meta({ description: '`posted` unless given' }),
    method: text(100).optional().meta({ example: 'bank_transfer' }),
    reference: text(500).optional().meta({
      description:
        'As on the bank statement; one that is the number or external id of an invoice of the customer pays it',
    }),
    ...dated,
    allocations: allocations.optional(),
  })
  .superRefine((payment, context) => {
    for (const finding of findings(payment))
      context.addIssue({ code: 'custom', path: [...finding.path], message: finding.message });
    const { customerExternalId, invoiceExternalId, reference, allocations: shares } = payment;
    if ((customerExternalId ?? invoiceExternalId ?? reference) === undefined && !shares) {
      const message = 'is missing; write who paid, or which invoice';
      context.addIssue({ code: 'custom', path: ['customerExternalId'], message });
    }
    if (invoiceExternalId !== undefined && shares) {
      const message = 'stands beside allocations; write only one of the two';
      context.addIssue({ code: 'custom', path: ['invoiceExternalId'], message });
    }
  })
  .meta({
    description:
      'Money received from a customer. Recording it again changes nothing, but for posting a pending one',
  });

export const creditNoteInput = z
  .strictObject({
    externalId,
    customerExternalId: externalId,
    amount,
    currency,
    reason: text(500).optional(),
    creditedOn: localDate
      .optional()
      .meta({ description: "Counts from 00:00 of that day in the customer's zone" }),
    effectiveAt: instant
      .optional()
      .meta({ description: 'In place of creditedOn; now unless either is given' }),
    allocations: allocations.optional().meta({ description: 'Unallocated unless given' }),
  })
  .superRefine(({ creditedOn, ...note }, context) => {
    for (const finding of findings({ ...note, paidOn: creditedOn }))
      context.addIssue({ code: 'custom', path: [...finding.path], message: finding.message });
  })
  .meta({ description: 'A credit to a customer' });

export const allocateInput = z
  .strictObject({
    allocations: allocations.optional(),
    oldestFirst: z
      .literal(true)
      .optional()
      .meta({ description: 'In place of allocations: all of it to what is open, the oldest due date first' }),
  })
  .refine((input) => (input.allocations === undefined) !== (input.oldestFirst === undefined), {
    path: ['allocations'],
    message: 'is missing, or stands beside oldestFirst; write one of the two',
  })
  .meta({ description: 'Applies money that is not allocated yet to invoices' });

export const keepInput = z
  .strictObject({
    keep: z
      .boolean('is no answer; write true or false')
      .optional()
      .meta({ description: 'true unless given' }),
    reason: text(500).optional(),
  })
  .meta({ description: 'Whether what is left is kept as credit' });

export const sourceSyncInput = z
  .strictObject({
    completeThrough: instant.meta({ description: 'All payments until then are known' }),
  })
  .meta({ description: 'How fresh the books of a source are' });

export const sourceSyncResource = z
  .object({ source: z.string(), completeThrough: instant, recordedAt: instant })
  .meta({ description: 'How fresh the books of a source are' });

export const paymentReversalInput = z
  .strictObject({
    reason: text(500),
    kind: z
      .enum(REVERSAL_KINDS, `is no kind; write one of ${REVERSAL_KINDS.join(', ')}`)
      .optional()
      .meta({
        description:
          '`chargeback`: outreach waits up to a week for somebody to ask why (a task); of this and of `bounced` the next message says that the payment came back. `mistake`: it was wrong in the books. `other` unless given',
      }),
  })
  .meta({ description: 'Why a payment is taken back' });

export type PaymentReversalInput = z.output<typeof paymentReversalInput>;

export const reversalInput = z
  .strictObject({ reason: text(500) })
  .meta({ description: 'Why an allocation is taken back' });

export const allocationResource = z.object({
  id,
  paymentExternalId: z.string().nullable(),
  creditNoteExternalId: z.string().nullable(),
  invoiceExternalId: z.string(),
  part: z.int(),
  amount: amountOut,
  effectiveAt: instant,
  reversedAt: instant.nullable(),
});

export const paymentResource = z
  .object({
    id,
    externalId: z.string(),
    customerId: id,
    customerExternalId: z.string(),
    amount: amountOut,
    unallocated: amountOut,
    currency,
    keptAsCredit: z.boolean().meta({ description: 'What no invoice got of it holds no outreach back' }),
    status: z.enum(['pending', 'posted', 'reversed']),
    method: z.string().nullable(),
    reference: z.string().nullable(),
    effectiveAt: instant,
    recordedAt: instant,
    reversedAt: instant.nullable(),
    reversalReason: z.string().nullable(),
    reversalKind: z.enum(REVERSAL_KINDS).nullable(),
    allocations: z.array(allocationResource),
  })
  .meta({ description: 'Money received from a customer' });

export const creditNoteResource = z
  .object({
    id,
    externalId: z.string(),
    customerExternalId: z.string(),
    amount: amountOut,
    unallocated: amountOut,
    keptAsCredit: z.boolean(),
    currency,
    reason: z.string().nullable(),
    effectiveAt: instant,
    recordedAt: instant,
    allocations: z.array(allocationResource),
  })
  .meta({ description: 'A credit to a customer' });

export type AllocateInput = z.output<typeof allocateInput>;
export type KeepInput = z.output<typeof keepInput>;
export type SourceSyncInput = z.output<typeof sourceSyncInput>;
export type SourceSyncResource = z.output<typeof sourceSyncResource>;
export type AllocationInput = z.output<typeof allocationInput>;
export type PaymentInput = z.output<typeof paymentInput>;
export type CreditNoteInput = z.output<typeof creditNoteInput>;
export type PaymentResource = z.output<typeof paymentResource>;
export type CreditNoteResource = z.output<typeof creditNoteResource>;
export type AllocationResource = z.output<typeof allocationResource>;
