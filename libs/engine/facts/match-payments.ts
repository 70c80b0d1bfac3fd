import type { Scope } from '../scope.js';
import { announceMany } from './announce-many.js';
import { audit } from './audit.js';
import {
  INVOICE_LEDGER,
  type InvoiceLedger,
  type Share,
  type StatusChange,
  statusChange,
  storeStatus,
} from './ledger.js';
import { followUnapplied } from './unapplied.js';
import { PAYMENT, referenceOf } from './payment-sql.js';
import { matched, type StoredPayment } from './payment-plan.js';

/**
 * Gives new invoices the money that named them before they came, by reference, the oldest first: a bank's statement may
 * be read before the invoices are. The locks of their customers are held.
 */
export async function matchPayments(scope: Scope, invoiceIds: readonly string[]): Promise<void> {
  if (invoiceIds.length === 0) return;
  const waiting = await readWaiting(scope, invoiceIds);
  const paying = waiting.flatMap(({ customerId, invoices, payments }) => {
    const paid = payments.map((payment) => ({ payment, shares: matched(invoices, payment) }));
    return paid.some(({ shares }) => shares.length > 0) ? [{ customerId, invoices, paid }] : [];
  });
  if (paying.length === 0) return;
  const paid = paying.flatMap((each) => each.paid).filter(({ shares }) => shares.length > 0);
  await storeMatched(scope, paid);
  await storeStatus(scope, paying.flatMap(settledBy));
  await audit(
    scope,
    paid.map(({ payment }) => ({
      action: 'payment.allocated',
      subjectType: 'payment',
      subjectId: idOf(payment),
    })),
  );
  await followUnapplied(
    scope,
    paying.map(({ customerId }) => customerId),
  );
  await announceMany(
    scope,
    paying.map(({ customerId }) => ({ customerId })),
  );
}

interface Paid {
  payment: StoredPayment;
  shares: Share[];
}

async function storeMatched(scope: Scope, paid: readonly Paid[]): Promise<void> {
  const rows = paid.flatMap(({ payment, shares }) =>
    shares.map((share) => ({
      ...share,
      paymentId: idOf(payment),
      effectiveAt: new Date(payment.effectiveAt),
    })),
  );
  await scope.manager.query(
    `insert into allocation (organisation_id, payment_id, invoice_id, part_id, amount_minor, effective_at)
     select $1, x.* from jsonb_to_recordset($2::jsonb) as x("paymentId" uuid, "invoiceId" uuid, "partId" uuid,
       amount bigint, "effectiveAt" timestamptz)`,
    [scope.organisationId, JSON.stringify(rows)],
  );
}

/** An invoice is settled when the last of the money that pays it came. */
const settledBy = ({ invoices, paid }: { invoices: InvoiceLedger[]; paid: Paid[] }): StatusChange[] =>
  invoices.flatMap((invoice) => {
    const of = paid.filter(({ shares }) => shares.some(({ invoiceId }) => invoiceId === invoice.id));
    const at = Math.max(...of.map(({ payment }) => payment.effectiveAt));
    return of.length > 0 ? (statusChange(invoice, at) ?? []) : [];
  });

function idOf({ id, externalId }: StoredPayment): string {
  if (id === null) throw new Error(`Payment ${externalId} was read without its id.`);
  return id;
}

interface Waiting {
  customerId: string;
  /** Those that the payments may mean. */
  invoices: InvoiceLedger[];
  payments: StoredPayment[];
}

/** Customers with money that no invoice got and that names one of these, in the order of their ids. */
function readWaiting(scope: Scope, invoiceIds: readonly string[]): Promise<Waiting[]> {
  return scope.manager.query<Waiting[]>(
    `with waiting as (
       select p.* from payment p
       where p.organisation_id = $1 and p.status <> 'reversed'
         and p.id in (select p.id from invoice i
           join payment p on p.organisation_id = i.organisation_id and p.customer_id = i.customer_id
             and p.currency = i.currency and ${referenceOf('p')} in (i.external_id, i.number)
           where i.organisation_id = $1 and i.id = any ($2::uuid[]))
         and p.amount_minor > (select coalesce(sum(a.amount_minor), 0) from allocation a
           where a.organisation_id = p.organisation_id and a.payment_id = p.id and a.reversed_at is null)
     )
     select p.customer_id as "customerId",
       json_agg(${PAYMENT} order by p.effective_at, p.external_id) as payments,
       (select json_agg(${INVOICE_LEDGER}) from invoice i
         where i.organisation_id = $1 and i.customer_id = p.customer_id and exists (
           select from waiting w where w.customer_id = i.customer_id
             and ${referenceOf('w')} in (i.external_id, i.number))) as invoices
     from waiting p group by p.customer_id order by p.customer_id`,
    [scope.organisationId, invoiceIds],
  );
}
