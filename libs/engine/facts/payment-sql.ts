import type { Instant } from '#domain/instant.js';
import type { Prepared } from '#store/prepared.js';
import type { Scope } from '../scope.js';
import {
  HEARD,
  INVOICE_LEDGER,
  type InvoiceLedger,
  type Share,
  type StatusChange,
  rememberStatus,
  statusJson,
} from './ledger.js';
import type { Books, NewPayment, StoredPayment } from './payment-plan.js';

/** Customers that a payment may be of: the one it names; else by invoice, else by reference as an id or a number. */
export const RESOLVE_PAYERS: Prepared = {
  name: 'resolve-payers',
  text: `
    select x.n, array_agg(distinct f.id) as ids
    from jsonb_to_recordset($2::jsonb) as x(n int, customer text, invoice text, reference text), lateral (
      select c.id from customer c where c.organisation_id = $1 and c.external_id = x.customer
      union all
      select i.customer_id from invoice i
      where x.customer is null and i.organisation_id = $1 and i.external_id = coalesce(x.invoice, x.reference)
      union all
      select i.customer_id from invoice i
      where x.customer is null and x.invoice is null and i.organisation_id = $1 and i.number = x.reference
        and not exists (select from invoice o where o.organisation_id = $1 and o.external_id = x.reference)
    ) f
    group by x.n`,
};

const MS = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

/** One payment as JSON, of `payment p`. */
export const PAYMENT = `json_build_object(
  'id', p.id, 'externalId', p.external_id, 'customerId', p.customer_id, 'amount', p.amount_minor,
  'currency', p.currency, 'status', p.status, 'method', p.method, 'reference', p.reference,
  'effectiveAt', ${MS('p.effective_at')}, 'shares', coalesce((
    select json_agg(json_build_object('invoiceId', a.invoice_id, 'partId', a.part_id, 'amount', a.amount_minor))
    from allocation a
    where a.organisation_id = p.organisation_id and a.payment_id = p.id and a.reversed_at is null), '[]'),
  'withdrawnFrom', array(select distinct a.invoice_id from allocation a
    where a.organisation_id = p.organisation_id and a.payment_id = p.id and a.reversed_at is not null))`;

/** A payment's reference as it is compared: without the white space that banks put around it. */
export const referenceOf = (payment: string): string => `btrim(${payment}.reference, E' \\t\\r\\n')`;

/**
 * The payments of these ids, the invoices they pay or name, and whether anybody listens. $3 payments, $4 external ids
 * or numbers.
 */
export const READ_BOOKS: Prepared = {
  name: 'read-books',
  text: `
    with known as (select * from payment p where p.organisation_id = $1 and p.external_id = any ($3::text[]))
    select c.zone, c.unapplied <> '{}' as waits, ${HEARD} as heard,
      (select json_agg(${PAYMENT}) from known p) as payments,
      (select json_agg(${INVOICE_LEDGER} order by i.due_on, i.external_id) from invoice i
        where i.organisation_id = $1 and i.customer_id = $2
          and (i.external_id = any ($4::text[]) or i.number = any ($4::text[])
               or exists (select from known p where ${referenceOf('p')} in (i.external_id, i.number))
               or i.id in (select a.invoice_id from allocation a, known k
                           where a.organisation_id = $1 and a.payment_id = k.id))) as invoices
    from customer c where c.organisation_id = $1 and c.id = $2`,
};

interface BooksRow {
  zone: string;
  heard: boolean;
  waits: boolean;
  payments: StoredPayment[] | null;
  invoices: InvoiceLedger[] | null;
}

export function booksOf(customerId: string, now: Instant, rows: readonly BooksRow[]): Books {
  const [row] = rows;
  if (!row) throw new Error(`Customer ${customerId} vanished under its lock.`);
  const payments = new Map((row.payments ?? []).map((payment) => [payment.externalId, payment]));
  const { zone, heard, waits, invoices } = row;
  return { customerId, now, zone, heard, waits, invoices: invoices ?? [], payments };
}

/** New payments, changed payments, what both pay from now on, invoices they settle or reopen, and who did it: one trip. */
export const WRITE_PAYMENTS: Prepared = {
  name: 'write-payments',
  text: `
    with added as (
      insert into payment (organisation_id, external_id, customer_id, amount_minor, currency, status, method, reference,
                           effective_at)
      select $1, x.* from jsonb_to_recordset($2::jsonb) as x("externalId" text, "customerId" uuid, amount bigint,
        currency text, status text, method text, reference text, "effectiveAt" timestamptz)
      returning id, external_id
    ), changed as (
      update payment p set status = x.status, method = x.method, reference = x.reference, effective_at = x."effectiveAt"
      from jsonb_to_recordset($4::jsonb) as x(id uuid, status text, method text, reference text,
        "effectiveAt" timestamptz)
      where p.organisation_id = $1 and p.id = x.id
      returning p.id, p.external_id
    ), shared as (
      insert into allocation (organisation_id, payment_id, invoice_id, part_id, amount_minor, effective_at)
      select $1, y.id, x."invoiceId", x."partId", x.amount, x."effectiveAt"
      from jsonb_to_recordset($3::jsonb) as x(payment text, "invoiceId" uuid, "partId" uuid, amount bigint,
        "effectiveAt" timestamptz)
      join (select id, external_id from added union all select id, external_id from changed) y
        on y.external_id = x.payment
    ), moved as (
      update invoice i set status = x.status, settled_at = x.settled_at
      from jsonb_to_recordset($5::jsonb) as x(id uuid, status text, settled_at timestamptz)
      where i.organisation_id = $1 and i.id = x.id
    ), remembered as (${rememberStatus('$5', '$6', '$7')}
    ), told as (
      insert into audit_event (organisation_id, actor, action, subject_type, subject_id, effective_at)
      select $1, $6, x.action, 'payment', x.id, $7
      from (select id, 'payment.recorded' as action from added
            union all select id, 'payment.updated' from changed) x
    )
    select id, external_id from added`,
};

export const writeParameters = (
  scope: Scope,
  created: readonly NewPayment[],
  changed: readonly { payment: StoredPayment; added: readonly Share[] }[],
  statuses: readonly StatusChange[],
): unknown[] => {
  const shared = [...created.map((payment) => ({ payment, added: payment.shares })), ...changed];
  return [
    scope.organisationId,
    JSON.stringify(created.map(dated)),
    JSON.stringify(
      shared.flatMap(({ payment: { externalId: payment, effectiveAt }, added }) =>
        added.map((share) => dated({ ...share, payment, effectiveAt })),
      ),
    ),
    JSON.stringify(changed.map(({ payment }) => dated(payment))),
    statusJson(statuses),
    scope.actor,
    new Date(scope.now),
  ];
};

const dated = <T extends { effectiveAt: Instant }>(
  row: T,
): Omit<T, 'effectiveAt'> & { effectiveAt: Date } => ({
  ...row,
  effectiveAt: new Date(row.effectiveAt),
});
