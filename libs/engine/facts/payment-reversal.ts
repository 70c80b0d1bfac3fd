import type { Refused, Written } from '#contracts/schemas/index.js';
import type { ReversalKind } from '#domain/reversal.js';
import { type PaymentState, paymentMachine, transition } from '#domain/transitions.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { audit } from './audit.js';
import { askWhy } from './chargebacks.js';
import { type Ref, nameOf, refParameters } from './find.js';
import { refreshStatus } from './ledger.js';
import { refused } from './refusal.js';
import { followUnapplied } from './unapplied.js';

interface PaymentRow {
  id: string;
  external_id: string;
  customer_id: string;
  status: PaymentState;
}

/**
 * Takes a payment back, whole: a posted one was charged back or was wrong, or a pending one failed. Its allocations are reversed
 * with it, invoices that it had settled are open again, and their outreach resumes. Reversing it again changes nothing.
 */
export async function reversePayment(
  scope: Scope,
  ref: Ref,
  reason: string,
  kind: ReversalKind = 'other',
): Promise<Written | Refused> {
  const found = await readPayment(scope, ref);
  if (!found) return refused(nameOf(ref), 'unknown_payment', 'id', 'is no payment; correct the id');
  await lockCustomer(scope, found.customer_id);
  const payment = (await readPayment(scope, { id: found.id })) ?? found;
  const written = { id: payment.id, externalId: payment.external_id };
  if (payment.status === 'reversed') return { ...written, result: 'unchanged' };
  const next = transition(paymentMachine, payment.status, 'reverse');
  if (!next.ok) return refused(payment.external_id, 'wrong_state', 'status', next.reason);
  await scope.manager.query(
    `update payment set status = $3, reversed_at = $4, reversal_reason = $5, reversal_kind = $6 where organisation_id = $1 and id = $2`,
    [scope.organisationId, payment.id, next.to, new Date(scope.now), reason, kind],
  );
  const invoiceIds = await reverseAllocations(scope, 'payment_id = $3', payment.id);
  await audit(scope, [
    { action: 'payment.reversed', subjectType: 'payment', subjectId: payment.id, detail: { reason, kind } },
  ]);
  if (kind === 'chargeback' && payment.status === 'posted') await askWhy(scope, payment, invoiceIds);
  const waits = (await followUnapplied(scope, [payment.customer_id])).length > 0;
  await announceFacts(scope, { customerId: payment.customer_id, invoiceIds: waits ? undefined : invoiceIds });
  return { ...written, result: 'updated' };
}

async function readPayment(scope: Scope, ref: Ref): Promise<PaymentRow | null> {
  const [row] = await scope.manager.query<PaymentRow[]>(
    `select id, external_id, customer_id, status from payment
     where organisation_id = $1 and (id = $2 or external_id = $3)`,
    [scope.organisationId, ...refParameters(ref)],
  );
  return row ?? null;
}

/**
 * Reverses the standing allocations that a condition on `parameter` ($3) names, and brings their invoices' status in
 * line. What was kept as credit of their money was not said of what is free now. The customer's lock is held.
 *
 * @returns the invoices concerned
 */
export async function reverseAllocations(scope: Scope, which: string, parameter: string): Promise<string[]> {
  const rows = await scope.manager.query<{ invoice_id: string }[]>(
    `with reversed as (
       update allocation set reversed_at = $2 where organisation_id = $1 and reversed_at is null and ${which}
       returning invoice_id, payment_id, credit_note_id
     ), of_payments as (
       update payment set kept_at = null
       where organisation_id = $1 and kept_at is not null and id in (select payment_id from reversed)
     ), of_notes as (
       update credit_note set kept_at = null
       where organisation_id = $1 and kept_at is not null and id in (select credit_note_id from reversed)
     )
     select invoice_id from reversed`,
    [scope.organisationId, new Date(scope.now), parameter],
  );
  const invoiceIds = [...new Set(rows.map((row) => row.invoice_id))];
  await refreshStatus(scope, invoiceIds, scope.now);
  return invoiceIds;
}

interface AllocationRow {
  id: string;
  invoice_id: string;
  customer_id: string;
  reversed_at: Date | null;
}

/**
 * Takes one allocation back: exactly that part of that invoice is open again, and the money is unallocated.
 * `externalId` of the result is the allocation's id.
 */
export async function reverseAllocation(
  scope: Scope,
  id: string,
  reason: string,
): Promise<Written | Refused> {
  const found = await readAllocation(scope, id);
  if (!found) return refused(id, 'unknown_allocation', 'id', 'is no allocation; correct the id');
  await lockCustomer(scope, found.customer_id);
  const allocation = (await readAllocation(scope, id)) ?? found;
  if (allocation.reversed_at) return { id, externalId: id, result: 'unchanged' };
  await reverseAllocations(scope, 'id = $3', allocation.id);
  await audit(scope, [
    {
      action: 'allocation.reversed',
      subjectType: 'allocation',
      subjectId: allocation.id,
      detail: { reason },
    },
  ]);
  await followUnapplied(scope, [allocation.customer_id]);
  // The money is unallocated now, which concerns every invoice of the customer.
  await announceFacts(scope, { customerId: allocation.customer_id });
  return { id, externalId: id, result: 'updated' };
}

async function readAllocation(scope: Scope, id: string): Promise<AllocationRow | null> {
  const [uuid] = refParameters({ id });
  const [row] = await scope.manager.query<AllocationRow[]>(
    `select a.id, a.invoice_id, i.customer_id, a.reversed_at
     from allocation a join invoice i on i.organisation_id = a.organisation_id and i.id = a.invoice_id
     where a.organisation_id = $1 and a.id = $2`,
    [scope.organisationId, uuid],
  );
  return row ?? null;
}
