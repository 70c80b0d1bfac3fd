import { isDeepStrictEqual } from 'node:util';
import type { InvoiceInput, Refused } from '#contracts/schemas/index.js';
import type { LocalDate } from '#domain/instant.js';
import { formatAmount, parseAmount } from '#domain/money.js';
import type { InvoiceLedger, PartLedger } from './ledger.js';
import { refused } from './refusal.js';

/** What an input can say of an invoice. Amounts in minor units. */
export interface InvoiceState {
  externalId: string;
  number: string;
  customerId: string;
  creditorId: string;
  kind: string;
  net: number;
  tax: number;
  total: number;
  currency: string;
  issuedOn: LocalDate;
  dueOn: LocalDate;
  parts: PartState[];
}

/** By sequence from 1. */
export interface PartState {
  amount: number;
  dueOn: LocalDate | null;
  milestone: string | null;
  dueAfter: string | null;
}

/** An invoice as stored, with what is allocated to its parts. */
export type StoredInvoice = Omit<InvoiceState, 'parts'> & Pick<InvoiceLedger, 'id' | 'status' | 'parts'>;

/** Whose invoice and of which creditor, resolved. */
export interface Parties {
  customerId: string;
  /** Left out: as it was. */
  creditorId: string | null;
}

/** An invoice after an input; or why it cannot be. What the input leaves out stays, or gets its default. */
export function mergeInvoice(
  stored: StoredInvoice | undefined,
  input: InvoiceInput,
  { customerId, creditorId }: Parties,
): InvoiceState | Refused {
  const total = parseAmount(input.total, input.currency);
  const parts = partsOf(stored, input, total);
  if ('result' in parts) return parts;
  const creditor = creditorId ?? stored?.creditorId;
  if (creditor === undefined) throw new TypeError('A new invoice needs its creditor resolved.');
  return {
    externalId: input.externalId,
    number: input.number ?? stored?.number ?? input.externalId,
    customerId,
    creditorId: creditor,
    kind: input.kind ?? stored?.kind ?? 'invoice',
    ...netAndTax(stored, input, total),
    total,
    currency: input.currency,
    issuedOn: input.issuedOn,
    dueOn: input.dueOn,
    parts,
  };
}

/** One of the two follows from the other; without both the tax stays as it was, or is none. */
function netAndTax(
  stored: StoredInvoice | undefined,
  input: InvoiceInput,
  total: number,
): { net: number; tax: number } {
  const minor = (amount: string | undefined): number | undefined =>
    amount === undefined ? undefined : parseAmount(amount, input.currency);
  const [net, tax] = [minor(input.net), minor(input.tax)];
  if (net !== undefined) return { net, tax: total - net };
  if (tax !== undefined) return { net: total - tax, tax };
  const kept = stored && stored.currency === input.currency && stored.tax <= total ? stored.tax : 0;
  return { net: total - kept, tax: kept };
}

/** Without parts in the input, a single one follows total and due date, and a schedule stays while it adds up. */
function partsOf(
  stored: StoredInvoice | undefined,
  input: InvoiceInput,
  total: number,
): PartState[] | Refused {
  if (input.parts) {
    return input.parts.map(({ amount, dueOn, milestone, dueAfter }, index) => ({
      amount: parseAmount(amount, input.currency),
      dueOn: dueByMilestone(stored?.parts[index], milestone) ?? dueOn ?? null,
      milestone: milestone ?? null,
      dueAfter: dueAfter ?? null,
    }));
  }
  const known = stored?.parts ?? [];
  if (known.length > 1) {
    if (known.reduce((sum, part) => sum + part.amount, 0) === total) return known.map(partState);
    const message = 'is not what the parts of the invoice add up to; write parts as well';
    return refused(input.externalId, 'parts_differ', 'total', message);
  }
  const milestone = known[0]?.milestone ?? null;
  const byMilestone = milestone !== null && (known[0]?.isCompleted || known[0]?.dueOn === null);
  const dueOn = byMilestone ? (known[0]?.dueOn ?? null) : input.dueOn;
  return [{ amount: total, dueOn, milestone, dueAfter: known[0]?.dueAfter ?? null }];
}

/** A date that a milestone gave when it was done stays. */
const dueByMilestone = (known: PartLedger | undefined, milestone: string | undefined): LocalDate | null =>
  known?.isCompleted && known.milestone !== null && isSameMilestone(known.milestone, milestone ?? '')
    ? known.dueOn
    : null;

/** However it is spelt. */
export const isSameMilestone = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

const partState = ({ amount, dueOn, milestone, dueAfter }: PartLedger): PartState => ({
  amount,
  dueOn,
  milestone,
  dueAfter,
});

/** Names of the fields that differ, for the audit trail and to know whether anything does. */
export function changedFields(stored: StoredInvoice, next: InvoiceState): string[] {
  const was = { ...stored, parts: stored.parts.map(partState) };
  return (Object.keys(next) as (keyof InvoiceState)[]).filter(
    (key) => !isDeepStrictEqual(was[key], next[key]),
  );
}

/** Why a stored invoice cannot become the next one; null when it can. */
export function changeRefusal(stored: StoredInvoice, next: InvoiceState): Refused | null {
  const { externalId, currency } = stored;
  if (stored.customerId !== next.customerId) {
    const message = 'is not the customer of this invoice; cancel it, and issue another to the right one';
    return refused(externalId, 'other_customer', 'customerExternalId', message);
  }
  if (stored.status === 'cancelled' || stored.status === 'written_off') {
    const remedy = stored.status === 'cancelled' ? 'issue another invoice' : 'reinstate it first';
    return refused(
      externalId,
      'invoice_not_open',
      'status',
      `is ${stored.status.replace('_', ' ')}; ${remedy}`,
    );
  }
  if (currency !== next.currency && stored.parts.some((part) => part.used)) {
    const message = `is ${currency}, in which money was allocated; keep it`;
    return refused(externalId, 'other_currency', 'currency', message);
  }
  return partRefusal(stored, next);
}

/** What is allocated to a part stays on it. */
function partRefusal({ externalId, currency, parts }: StoredInvoice, next: InvoiceState): Refused | null {
  for (const [index, part] of parts.entries()) {
    const after = next.parts[index];
    const allocated = part.paid + part.pending;
    if ((after?.amount ?? 0) < allocated) {
      const message = `would be less than what is allocated (${formatAmount(allocated, currency)}); reverse that first`;
      const field = parts.length > 1 || next.parts.length > 1 ? 'parts' : 'total';
      return refused(externalId, 'below_allocated', field, message);
    }
    if (!after && part.used) {
      const message = `would lose part ${part.sequence}, to which money was once allocated; keep that part`;
      return refused(externalId, 'part_in_use', 'parts', message);
    }
  }
  return null;
}

/** The ledger as it is after a change that was not refused. */
export const ledgerAfter = (stored: StoredInvoice, next: InvoiceState): InvoiceLedger => ({
  ...stored,
  parts: next.parts.map((part, index) => {
    const was = stored.parts[index];
    return {
      id: '',
      used: false,
      isCompleted: false,
      paid: 0,
      pending: 0,
      ...was,
      ...part,
      sequence: index + 1,
    };
  }),
});
