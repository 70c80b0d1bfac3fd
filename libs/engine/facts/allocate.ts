import type { AllocateInput, AllocationInput, Refused, Written } from '#contracts/schemas/index.js';
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
  unallocatedSql,
} from './ledger.js';
import { namedShares } from './payment-plan.js';
import { refused } from './refusal.js';
import { followUnapplied } from './unapplied.js';

/** What money comes as. */
export type MoneyTable = 'payment' | 'credit_note';

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
 * Applies money that no invoice got yet. Named: all of it or nothing, for more than is free, or than an invoice
 * owes, is refused. Oldest first: as far as it goes, and what is left belongs to the customer.
 */
export async function allocateMoney(
  scope: Scope,
  table: MoneyTable,
  ref: Ref,
  input: AllocateInput,
): Promise<Written | Refused> {
  const found = await readSource(scope, table, ref);
  if (!found) return unknownSource(table, ref);
  await lockCustomer(scope, found.customerId);
  const source = (await readSource(scope, table, { id: found.id })) ?? found;
  const invoices = input.allocations
    ? await invoicesNamed(scope, source.customerId, input.allocations)
    : await invoicesOpen(scope, source);
  const shares = input.allocations
    ? sharesOf(source, invoices, input.allocations)
    : oldestFirst(source, invoices);
  if ('result' in shares) return shares;
  await storeShares(scope, `${table}_id`, source.id, shares);
  await storeStatus(
    scope,
    invoices.flatMap((invoice) => statusChange(invoice, scope.now) ?? []),
  );
  await audit(scope, [{ action: `${table}.allocated`, subjectType: table, subjectId: source.id }]);
  await followUnapplied(scope, [source.customerId]);
  await announceFacts(scope, { customerId: source.customerId });
  return { id: source.id, externalId: source.externalId, result: 'updated' };
}

export function unknownSource(table: MoneyTable, ref: Ref): Refused {
  const message = `is no ${table.replace('_', ' ')}; correct the id`;
  return refused(nameOf(ref), `unknown_${table}`, 'id', message);
}

function oldestFirst(source: Source, invoices: readonly InvoiceLedger[]): Share[] | Refused {
  const { externalId, currency } = source;
  if (source.free === 0)
    return refused(externalId, 'over_allocated', 'id', 'has nothing left that no invoice got');
  let left = source.free;
  const shares = invoices.flatMap((invoice) => {
    const own = spread(invoice, left, source.as);
    left -= own.reduce((sum, { amount }) => sum + amount, 0);
    return own;
  });
  if (shares.length > 0) return shares;
  const message = `finds nothing open in ${currency}; keep it as credit`;
  return refused(externalId, 'invoice_not_open', 'oldestFirst', message);
}

/** A credit note is on the books from when it is there. */
const STATUS = {
  payment: {
    as: `case m.status when 'pending' then 'pending' else 'paid' end`,
    isReversed: `m.status = 'reversed'`,
  },
  credit_note: { as: `'paid'`, isReversed: 'false' },
} as const;

/** Read without a lock, unless the customer's is held. */
export async function readSource(
  scope: Scope,
  table: MoneyTable,
  ref: Ref,
): Promise<(Source & { isKept: boolean }) | null> {
  const { as, isReversed } = STATUS[table];
  const [row] = await scope.manager.query<(Source & { isKept: boolean })[]>(
    `select m.id, m.external_id as "externalId", m.customer_id as "customerId", m.currency,
       m.kept_at is not null as "isKept", ${as} as "as",
       case when ${isReversed} then 0 else ${unallocatedSql('m', `${table}_id`)} end as free
     from ${table} m where m.organisation_id = $1 and (m.id = $2 or m.external_id = $3)`,
    [scope.organisationId, ...refParameters(ref)],
  );
  return row ?? null;
}

/** What a customer owes in the currency of money, the oldest due date first, read under its lock. */
async function invoicesOpen(scope: Scope, { customerId, currency }: Source): Promise<InvoiceLedger[]> {
  const rows = await scope.manager.query<{ ledger: InvoiceLedger }[]>(
    `select ${INVOICE_LEDGER} as ledger from invoice i
     where i.organisation_id = $1 and i.customer_id = $2 and i.currency = $3 and i.status = 'open'
     order by i.due_on, i.external_id`,
    [scope.organisationId, customerId, currency],
  );
  return rows.map((row) => row.ledger);
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
