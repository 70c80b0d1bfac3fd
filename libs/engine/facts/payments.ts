import type { PaymentInput, Refused, Written } from '#contracts/schemas/index.js';
import type { Instant } from '#domain/instant.js';
import { formatAmount } from '#domain/money.js';
import { queryPrepared } from '#store/prepared.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { emitStatus, statusChange } from './ledger.js';
import { READ_BOOKS, RESOLVE_PAYERS, WRITE_PAYMENTS, booksOf, writeParameters } from './payment-sql.js';
import {
  type Books,
  type PaymentPlan,
  type StoredPayment,
  planPayment,
  unallocatedOf,
} from './payment-plan.js';
import { refused } from './refusal.js';
import { inRounds } from './rounds.js';
import { followUnapplied } from './unapplied.js';

/** `unallocated`: decimal text of what no invoice got; it belongs to the customer. */
export type RecordedPayment = (Written & { unallocated: string }) | Refused;

/**
 * Records money received, allocates it, and settles the invoices that it pays. Idempotent by external id: again, it
 * posts a pending payment, brings its method, reference or date up to date, gives money that no invoice got to the one
 * that its reference names by now, or changes nothing.
 *
 * Payments forbid contacts, so a caller with many of them runs one transaction a customer (see {@link resolvePayers}).
 * One payment costs six round trips, and some more where a webhook hears that an invoice was settled, or money waits
 * for its allocation.
 *
 * @returns one result an input, in their order
 */
export const recordPayments = (scope: Scope, inputs: readonly PaymentInput[]): Promise<RecordedPayment[]> =>
  inRounds(
    inputs,
    (input) => input.externalId,
    (round) => recordRound(scope, round),
  );

async function recordRound(scope: Scope, inputs: readonly PaymentInput[]): Promise<RecordedPayment[]> {
  const payers = await resolvePayers(scope, inputs);
  const results = new Array<RecordedPayment>(inputs.length);
  const customers = new Map<string, number[]>();
  for (const [index, payer] of payers.entries()) {
    if (typeof payer === 'string') customers.set(payer, [...(customers.get(payer) ?? []), index]);
    else results[index] = payer;
  }
  for (const customerId of [...customers.keys()].sort()) {
    const indexes = customers.get(customerId) ?? [];
    const recorded = await recordOf(
      scope,
      customerId,
      indexes.map((index) => inputs[index] as PaymentInput),
    );
    indexes.forEach((index, at) => (results[index] = recorded[at] as RecordedPayment));
  }
  return results;
}

/**
 * Whose payment each input is: the id of the customer that it names, or whose invoice it names; or why nobody's.
 * Reads only.
 */
export async function resolvePayers(
  scope: Scope,
  inputs: readonly PaymentInput[],
): Promise<(string | Refused)[]> {
  const wanted = inputs.map((input, n) => ({
    n,
    customer: input.customerExternalId,
    invoice: input.invoiceExternalId ?? input.allocations?.[0]?.invoiceExternalId,
    reference: input.reference?.trim(),
  }));
  const parameters = [scope.organisationId, JSON.stringify(wanted)];
  const rows = await queryPrepared<{ n: number; ids: string[] }>(scope.manager, RESOLVE_PAYERS, parameters);
  const found = new Map(rows.map((row) => [row.n, row.ids]));
  return inputs.map((input, n) => payerOf(input, found.get(n) ?? []));
}

function payerOf(input: PaymentInput, [id, another]: readonly string[]): string | Refused {
  const { externalId } = input;
  if (another !== undefined) {
    const message = 'names invoices of several customers; write customerExternalId';
    return refused(externalId, 'ambiguous_reference', 'reference', message);
  }
  if (id !== undefined) return id;
  if (input.customerExternalId !== undefined) {
    const message = 'is no customer; load the customer first, or correct the id';
    return refused(externalId, 'unknown_customer', 'customerExternalId', message);
  }
  const field =
    input.invoiceExternalId !== undefined
      ? 'invoiceExternalId'
      : input.allocations
        ? 'allocations'
        : 'reference';
  return refused(
    externalId,
    'unknown_invoice',
    field,
    'names no invoice; write customerExternalId, or correct it',
  );
}

async function recordOf(
  scope: Scope,
  customerId: string,
  inputs: readonly PaymentInput[],
): Promise<RecordedPayment[]> {
  await lockCustomer(scope, customerId);
  const books = await readBooks(scope, customerId, inputs);
  const plans = inputs.map((input) => planPayment(books, input));
  const ids = await write(scope, books, plans);
  return plans.map((plan, index) => resultOf(plan, inputs[index] as PaymentInput, ids));
}

async function readBooks(scope: Scope, customerId: string, inputs: readonly PaymentInput[]): Promise<Books> {
  const ids = inputs.map((input) => input.externalId);
  const named = inputs.flatMap((input) => [
    ...(input.invoiceExternalId === undefined ? [] : [input.invoiceExternalId]),
    ...(input.allocations ?? []).map((allocation) => allocation.invoiceExternalId),
    ...(input.reference === undefined ? [] : [input.reference.trim()]),
  ]);
  const parameters = [scope.organisationId, customerId, ids, named];
  return booksOf(customerId, scope.now, await queryPrepared(scope.manager, READ_BOOKS, parameters));
}

/** @returns ids of the payments created, by external id */
async function write(
  scope: Scope,
  books: Books,
  plans: readonly PaymentPlan[],
): Promise<Map<string, string>> {
  const created = plans.flatMap((plan) => (plan.kind === 'create' ? [plan.payment] : []));
  const changed = plans.flatMap((plan) => (plan.kind === 'change' ? [plan] : []));
  const moved = [...created, ...changed.map(({ payment }) => payment)];
  if (moved.length === 0) return new Map();
  const paid = [...new Set(moved.flatMap((payment) => payment.shares.map((share) => share.invoiceId)))];
  const statuses = books.invoices
    .filter(({ id }) => paid.includes(id))
    .flatMap((invoice) => statusChange(invoice, paidAt(invoice.id, moved)) ?? []);
  const parameters = writeParameters(scope, created, changed, statuses);
  const rows = await queryPrepared<IdRow>(scope.manager, WRITE_PAYMENTS, parameters);
  if (books.heard) await emitStatus(scope, statuses);
  // Money that no invoice got, or does not wait for one any more, concerns every invoice of the customer.
  const mayWait = books.waits || moved.some((payment) => unallocatedOf(payment) > 0);
  const free = mayWait && (await followUnapplied(scope, [books.customerId])).length > 0;
  await announceFacts(scope, { customerId: books.customerId, invoiceIds: free ? undefined : paid });
  return new Map(rows.map((row) => [row.external_id, row.id]));
}

interface IdRow {
  id: string;
  external_id: string;
}

/** When the last of the payments that an invoice got a share of became true. */
const paidAt = (invoiceId: string, payments: readonly StoredPayment[]): Instant =>
  Math.max(
    ...payments
      .filter(({ shares }) => shares.some((share) => share.invoiceId === invoiceId))
      .map(({ effectiveAt }) => effectiveAt),
  );

const RESULT = { create: 'created', change: 'updated', unchanged: 'unchanged' } as const;

function resultOf(
  plan: PaymentPlan,
  input: PaymentInput,
  created: ReadonlyMap<string, string>,
): RecordedPayment {
  if (plan.kind === 'refused') return plan.refusal;
  const { payment } = plan;
  const id = payment.id ?? created.get(payment.externalId);
  if (id === undefined) throw new Error(`Payment ${payment.externalId} was not stored.`);
  const unallocated = formatAmount(unallocatedOf(payment), input.currency);
  return { id, externalId: payment.externalId, result: RESULT[plan.kind], unallocated };
}
