import type { AllocationInput, PaymentInput, Refused } from '#contracts/schemas/index.js';
import type { Instant } from '#domain/instant.js';
import { parseInstant } from '#domain/instant.js';
import { startOfDay } from '#domain/local-time.js';
import { formatAmount, parseAmount } from '#domain/money.js';
import { type PaymentState, paymentMachine, transition } from '#domain/transitions.js';
import { type InvoiceLedger, type Share, spread } from './ledger.js';
import { refused } from './refusal.js';

/** A payment that is stored already. Amounts in minor units. */
export interface StoredPayment {
  id: string | null;
  externalId: string;
  customerId: string;
  amount: number;
  currency: string;
  status: PaymentState;
  method: string | null;
  reference: string | null;
  effectiveAt: Instant;
  shares: Share[];
  /** Invoices that an allocation of it was taken back from: it does not return there by itself. */
  withdrawnFrom: string[];
}

/** A payment to insert, with what it pays. */
export interface NewPayment extends StoredPayment {
  status: 'pending' | 'posted';
}

/** What a customer's payments are planned on: read under the lock, changed by every plan. */
export interface Books {
  customerId: string;
  zone: string;
  now: Instant;
  /** Whether any webhook listens. */
  heard: boolean;
  /** Whether money of the customer waits for its allocation already. */
  waits: boolean;
  invoices: InvoiceLedger[];
  /** By external id, of whichever customer. */
  payments: Map<string, StoredPayment>;
}

export type PaymentPlan =
  | { kind: 'create'; payment: NewPayment }
  | { kind: 'change'; payment: StoredPayment; added: Share[] }
  | { kind: 'unchanged'; payment: StoredPayment }
  | { kind: 'refused'; refusal: Refused };

/** Pure but for the books, in which a planned payment is entered. */
export function planPayment(books: Books, input: PaymentInput): PaymentPlan {
  const refusal = ahead(books, input);
  if (refusal) return { kind: 'refused', refusal };
  const stored = books.payments.get(input.externalId);
  const plan = stored ? planAgain(books, stored, input) : planNew(books, input);
  if (plan.kind !== 'refused') books.payments.set(input.externalId, plan.payment);
  return plan;
}

function planNew(books: Books, input: PaymentInput): PaymentPlan {
  const amount = parseAmount(input.amount, input.currency);
  const wanted = wantedShares(books, input, amount);
  if ('result' in wanted) return { kind: 'refused', refusal: wanted };
  const status = input.status ?? 'posted';
  const shares = wanted.flatMap(([invoice, minor]) =>
    takesMoney(invoice) ? spread(invoice, minor, status === 'posted' ? 'paid' : 'pending') : [],
  );
  const { externalId, currency, method = null, reference = null } = input;
  const effectiveAt = effectiveAtOf(input, books.zone) ?? books.now;
  const payment: NewPayment = {
    id: null,
    customerId: books.customerId,
    externalId,
    amount,
    currency,
    status,
    method,
    reference,
    effectiveAt,
    shares,
    withdrawnFrom: [],
  };
  return { kind: 'create', payment };
}

/** The same external id again: news of the same payment, or another payment by mistake. */
function planAgain(books: Books, stored: StoredPayment, input: PaymentInput): PaymentPlan {
  const same =
    stored.customerId === books.customerId &&
    stored.currency === input.currency &&
    stored.amount === parseAmount(input.amount, input.currency);
  if (!same) return { kind: 'refused', refusal: differs(stored, input) };
  // A reversal stands, and news that a posted payment is pending is old news.
  const posts = stored.status === 'pending' && (input.status ?? 'posted') === 'posted';
  const payment: StoredPayment = {
    ...stored,
    status: posts ? posted(stored) : stored.status,
    method: input.method ?? stored.method,
    reference: input.reference ?? stored.reference,
    effectiveAt: effectiveAtOf(input, books.zone) ?? (posts ? books.now : stored.effectiveAt),
  };
  if (posts) for (const share of stored.shares) post(books, share);
  const added = namesInvoices(input) ? [] : matched(books.invoices, payment);
  payment.shares = [...stored.shares, ...added];
  const changed = (['status', 'method', 'reference', 'effectiveAt'] as const).some(
    (key) => payment[key] !== stored[key],
  );
  return changed || added.length > 0 ? { kind: 'change', payment, added } : { kind: 'unchanged', payment };
}

const namesInvoices = ({ invoiceExternalId, allocations }: PaymentInput): boolean =>
  invoiceExternalId !== undefined || allocations !== undefined;

/** What money that no invoice got yet pays by the reference of its payment, entered into the ledgers. */
export function matched(invoices: readonly InvoiceLedger[], payment: StoredPayment): Share[] {
  const free = unallocatedOf(payment);
  const invoice = free > 0 && payment.status !== 'reversed' ? referredTo(invoices, payment) : null;
  if (!invoice || !takesMoney(invoice) || payment.withdrawnFrom.includes(invoice.id)) return [];
  return spread(invoice, free, payment.status === 'posted' ? 'paid' : 'pending');
}

function posted({ externalId, status }: StoredPayment): PaymentState {
  const next = transition(paymentMachine, status, 'post');
  if (!next.ok) throw new Error(`Payment ${externalId}: ${next.reason}`);
  return next.to;
}

function post({ invoices }: Books, { invoiceId, partId, amount }: Share): void {
  const part = invoices.find(({ id }) => id === invoiceId)?.parts.find(({ id }) => id === partId);
  if (!part) throw new Error(`Part ${partId} was not read with the payment that is allocated to it.`);
  part.pending -= amount;
  part.paid += amount;
}

const differs = (stored: StoredPayment, { externalId }: PaymentInput): Refused => {
  const was = `${formatAmount(stored.amount, stored.currency)} ${stored.currency}`;
  const message = `is a payment of ${was} already; reverse that one, or give this one an id of its own`;
  return refused(externalId, 'differs', 'externalId', message);
};

/** When money counts from: a day from its start in the customer's zone; null when the input does not say. */
export function effectiveAtOf(
  { paidOn, effectiveAt }: Pick<PaymentInput, 'paidOn' | 'effectiveAt'>,
  zone: string,
): Instant | null {
  if (effectiveAt !== undefined) return parseInstant(effectiveAt);
  return paidOn === undefined ? null : startOfDay(paidOn, zone);
}

/** A bank's day begins elsewhere before the customer's does, and clocks differ. */
const AHEAD_MS = 86_400_000;

/** Money that has not come yet settles nothing: whoever mistypes a year would silence all reminders. */
function ahead({ zone, now }: Books, input: PaymentInput): Refused | null {
  const at = effectiveAtOf(input, zone);
  if (at === null || at <= now + AHEAD_MS || input.status === 'pending') return null;
  const field = input.paidOn === undefined ? 'effectiveAt' : 'paidOn';
  const message =
    'lies in the future; correct the date, or write the status "pending" until the money has come';
  return refused(input.externalId, 'ahead', field, message);
}

/** Money for a cancelled or written-off invoice stays with the customer. */
const takesMoney = ({ status }: InvoiceLedger): boolean => status === 'open' || status === 'settled';

type Wanted = (readonly [invoice: InvoiceLedger, minor: number])[];

function wantedShares(books: Books, input: PaymentInput, amount: number): Wanted | Refused {
  if (input.allocations) return namedShares(books.invoices, input, input.allocations);
  if (input.invoiceExternalId !== undefined) {
    const named = { invoiceExternalId: input.invoiceExternalId, amount: input.amount };
    return namedShares(books.invoices, input, [named], 'invoiceExternalId');
  }
  const invoice = referredTo(books.invoices, input);
  return invoice ? [[invoice, amount]] : [];
}

/** Resolves allocations to invoices of the customer in the currency of the money. */
export function namedShares(
  invoices: readonly InvoiceLedger[],
  { externalId, currency }: { externalId: string; currency: string },
  allocations: readonly AllocationInput[],
  field?: string,
): Wanted | Refused {
  const wanted: Wanted = [];
  for (const [index, { invoiceExternalId, amount }] of allocations.entries()) {
    const where = field ?? `allocations.${index}.invoiceExternalId`;
    const invoice = invoices.find((each) => each.externalId === invoiceExternalId);
    if (!invoice) {
      const message = 'is no invoice of this customer; load the invoice first, or correct its id';
      return refused(externalId, 'unknown_invoice', where, message);
    }
    if (invoice.currency !== currency) {
      const message = `is in ${invoice.currency}; pay it in that currency, or name another invoice`;
      return refused(externalId, 'other_currency', where, message);
    }
    wanted.push([invoice, parseAmount(amount, currency)]);
  }
  return wanted;
}

/** The one invoice that a reference names, if it is in the currency of the payment and money can go there. */
function referredTo(
  invoices: readonly InvoiceLedger[],
  payment: { currency: string; reference?: string | null | undefined },
): InvoiceLedger | null {
  const reference = payment.reference?.trim();
  if (reference === undefined) return null;
  const fit = invoices.filter((invoice) => invoice.currency === payment.currency);
  const byId = fit.find((invoice) => invoice.externalId === reference);
  if (byId) return byId;
  const byNumber = fit.filter((invoice) => invoice.number === reference);
  return byNumber.length === 1 ? (byNumber[0] ?? null) : null;
}

/** Minor units of a payment that no invoice got. */
export const unallocatedOf = ({ amount, shares }: Pick<StoredPayment, 'amount' | 'shares'>): number =>
  amount - shares.reduce((sum, share) => sum + share.amount, 0);
