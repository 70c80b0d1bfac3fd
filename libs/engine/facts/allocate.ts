import type { AllocationInput, Refused, Written } from '#contracts/schemas/index.js';
import { formatAmount } from '#domain/money.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { audit } from './audit.js';
import { type Ref, nameOf, refParameters } from './find.js';
import {
  INVOICE_LEDGER,
  type InvoiceLedger,
  type Share,
  openOf,
  spread,
  statusChange,
  storeStatus,
} from './ledger.js';
import { namedShares } from './payment-plan.js';
import { refused } from './refusal.js';

/** Money to allocate from. Amounts in minor units. */
export interface Source {
  id: string;
  externalId: string;
  customerId: string;
  currency: string;
  /** What no invoice got yet. */
  free: number;
  as: 'paid' | 'pending';
}

/**
 * Applies money of a payment that no invoice got yet. All of it or nothing: more than is free, or than an invoice
 * owes, is refused.
 */
export async function allocatePayment(
  scope: Scope,
  ref: Ref,
  allocations: readonly AllocationInput[],
): Promise<Written | Refused> {
  const found = await readSource(scope, ref);
  if (!found) return refused(nameOf(ref), 'unknown_payment', 'id', 'is no payment; correct the id');
  await lockCustomer(scope, found.customerId);
  const source = (await readSource(scope, { id: found.id })) ?? found;
  const invoices = await invoicesNamed(scope, source.customerId, allocations);
  const shares = sharesOf(source, invoices, allocations);
  if ('result' in shares) return shares;
  await storeShares(scope, 'payment_id', source.id, shares);
  await storeStatus(
    scope,
    invoices.flatMap((invoice) => statusChange(invoice, scope.now) ?? []),
  );
  await audit(scope, [{ action: 'payment.allocated', subjectType: 'payment', subjectId: source.id }]);
  await announceFacts(scope, { customerId: source.customerId });
  return { id: source.id, externalId: source.externalId, result: 'updated' };
}

async function readSource(scope: Scope, ref: Ref): Promise<Source | null> {
  const [row] = await scope.manager.query<Source[]>(
    `select p.id, p.external_id as "externalId", p.customer_id as "customerId", p.currency,
       case p.status when 'pending' then 'pending' else 'paid' end as "as",
       case p.status when 'reversed' then 0 else p.amount_minor - coalesce((
         select sum(a.amount_minor) from allocation a
         where a.organisation_id = p.organisation_id and a.payment_id = p.id and a.reversed_at is null), 0) end as free
     from payment p where p.organisation_id = $1 and (p.id = $2 or p.external_id = $3)`,
    [scope.organisationId, ...refParameters(ref)],
  );
  return row ?? null;
}

/** The invoices of a customer that allocations name, read under its lock. */
export async function invoicesNamed(
  scope: Scope,
  customerId: string,
  allocations: readonly AllocationInput[],
): Promise<InvoiceLedger[]> {
  const rows = await scope.manager.query<{ ledger: InvoiceLedger }[]>(
    `select ${INVOICE_LEDGER} as ledger from invoice i
     where i.organisation_id = $1 and i.customer_id = $2 and i.external_id = any ($3::text[])`,
    [scope.organisationId, customerId, allocations.map((allocation) => allocation.invoiceExternalId)],
  );
  return rows.map((row) => row.ledger);
}

/** What each part gets, entered into the ledgers; or why the whole is refused. */
export function sharesOf(
  source: Source,
  invoices: readonly InvoiceLedger[],
  allocations: readonly AllocationInput[],
): Share[] | Refused {
  const wanted = namedShares(invoices, source, allocations);
  if ('result' in wanted) return wanted;
  const total = wanted.reduce((sum, [, minor]) => sum + minor, 0);
  if (total > source.free) {
    const message = `are more than is free (${formatAmount(source.free, source.currency)}); allocate less`;
    return refused(source.externalId, 'over_allocated', 'allocations', message);
  }
  const shares: Share[] = [];
  for (const [index, [invoice, minor]] of wanted.entries()) {
    const refusal = refusalOf(source, invoice, minor, index);
    if (refusal) return refusal;
    shares.push(...spread(invoice, minor, source.as));
  }
  return shares;
}

function refusalOf(source: Source, invoice: InvoiceLedger, minor: number, index: number): Refused | null {
  const { externalId, currency } = source;
  if (invoice.status === 'cancelled' || invoice.status === 'written_off') {
    const message = `is ${invoice.status.replace('_', ' ')}; name an open invoice`;
    return refused(externalId, 'invoice_not_open', `allocations.${index}.invoiceExternalId`, message);
  }
  if (minor <= openOf(invoice)) return null;
  const message = `is more than the invoice owes (${formatAmount(openOf(invoice), currency)}); allocate less`;
  return refused(externalId, 'over_allocated', `allocations.${index}.amount`, message);
}

/** Writes allocations of one payment or credit note, true from now on. */
export async function storeShares(
  scope: Scope,
  column: 'payment_id' | 'credit_note_id',
  sourceId: string,
  shares: readonly Share[],
  at = scope.now,
): Promise<void> {
  if (shares.length === 0) return;
  await scope.manager.query(
    `insert into allocation (organisation_id, ${column}, invoice_id, part_id, amount_minor, effective_at)
     select $1, $2, x."invoiceId", x."partId", x.amount, $3
     from jsonb_to_recordset($4::jsonb) as x("invoiceId" uuid, "partId" uuid, amount bigint)`,
    [scope.organisationId, sourceId, new Date(at), JSON.stringify(shares)],
  );
}
