import { randomUUID } from 'node:crypto';
import type { OpenItemInput, PaymentInput, Refused, Written } from '#contracts/schemas/index.js';
import { formatInstant, type Instant } from '#domain/instant.js';
import { formatAmount, parseAmount } from '#domain/money.js';
import type { Scope } from '../scope.js';
import { INVOICE_LEDGER, type InvoiceLedger, openOf } from './ledger.js';
import { reversePayment } from './payment-reversal.js';
import { type RecordedPayment, recordPayments } from './payments.js';
import { isRefused } from './refusal.js';
import { recordSourceSync } from './source-syncs.js';

/** A list of everything that a creditor's books have as open. */
export interface Snapshot {
  /** External id; the organisation's only creditor unless given. */
  creditor?: string | undefined;
  /** What the books were true at. */
  asOf: Instant;
  items: readonly OpenItemInput[];
  /** Of a hundred open invoices so many may be missing in the list, and five whatever their number. */
  maxDrop: number;
  /** Applies the list although more are missing. */
  force: boolean;
  dryRun: boolean;
}

/** External ids of invoices. */
export interface SnapshotReport {
  /** Open here before it was applied. */
  open: number;
  /** Open here and not in the list: settled. */
  closed: string[];
  /** Less is owed by the list than here. */
  lowered: string[];
  /** More is owed by the list than here, because an earlier list had it lower. */
  raised: string[];
  /** As the list has it. */
  unchanged: number;
  /** In the list, and no invoices of the creditor here. */
  unknown: string[];
  /** In the list with another currency, or with more than was ever owed here: left as they are. */
  disagreeing: string[];
}

export type SnapshotResult =
  | { kind: 'applied'; report: SnapshotReport }
  /** More is missing than may be: nothing was applied. */
  | { kind: 'alarm'; report: SnapshotReport; allowed: number }
  | { kind: 'refused'; field: 'creditor' | 'asOf'; message: string };

/** Runs work in a transaction of its own. */
export type Run = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;

/** Of a hundred open invoices so many may be missing in a list, unless told otherwise. */
export const MOST_DROP = 20;
const FEWEST = 5;
const METHOD = 'open_items';

/**
 * Brings what is owed to a creditor in line with a list of all that its books have as open: what is absent is closed. What the
 * list says less of was paid, by whatever way; it is recorded as a payment with the method `open_items`, which a later list
 * takes back where it has more again. One transaction a customer; applying the same list again changes nothing.
 */
export async function applySnapshot(run: Run, snapshot: Snapshot): Promise<SnapshotResult> {
  const read = await run((scope) => readCreditor(scope, snapshot));
  if ('message' in read) return { kind: 'refused', ...read };
  const { report, changes } = compare(read.invoices, snapshot);
  const allowed = Math.max(FEWEST, Math.floor((report.open * snapshot.maxDrop) / 100));
  if (report.closed.length > allowed && !snapshot.force) return { kind: 'alarm', report, allowed };
  if (snapshot.dryRun) return { kind: 'applied', report };
  for (const [customerId, wanted] of changes)
    await run(async (scope) => {
      for (const each of wanted) await bringInLine(scope, customerId, each, snapshot.asOf);
    });
  await run((scope) =>
    recordSourceSync(scope, sourceOf(read.creditor), { completeThrough: formatInstant(snapshot.asOf) }),
  );
  return { kind: 'applied', report };
}

const sourceOf = (creditor: string): string => `open-items:${creditor}`;

/** An invoice as it is here. */
interface Known {
  ledger: InvoiceLedger;
  /** Minor units that earlier lists had as paid. */
  byLists: number;
}

interface Read {
  creditor: string;
  invoices: Known[];
}

async function readCreditor(
  { manager, organisationId }: Scope,
  { creditor, asOf, items }: Snapshot,
): Promise<Read | { field: 'creditor' | 'asOf'; message: string }> {
  const creditors = await manager.query<{ id: string; external_id: string; last: Date | null }[]>(
    `select r.id, r.external_id, s.complete_through as last from creditor r
     left join source_sync s on s.organisation_id = r.organisation_id and s.source = 'open-items:' || r.external_id
     where r.organisation_id = $1 and ($2::text is null or r.external_id = $2) limit 2`,
    [organisationId, creditor ?? null],
  );
  const [found, another] = creditors;
  if (!found) return { field: 'creditor', message: 'is no creditor; correct the id, or create it first' };
  if (another)
    return { field: 'creditor', message: 'is missing, and there are several; write whose list it is' };
  if (found.last && found.last.getTime() > asOf)
    return {
      field: 'asOf',
      message: `is older than the list of ${found.last.toISOString()}; load the newest`,
    };
  const invoices = await manager.query<Known[]>(
    `select ${INVOICE_LEDGER} as ledger, (select coalesce(sum(a.amount_minor), 0) from allocation a
        join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
        where a.organisation_id = $1 and a.invoice_id = i.id and a.reversed_at is null and y.method = '${METHOD}')::bigint
        as "byLists"
     from invoice i join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
     where i.organisation_id = $1 and i.creditor_id = $2
       and (i.issued_on <= ($4::timestamptz at time zone c.zone)::date or i.external_id = any ($3::text[]))
       and (i.status = 'open' or i.status = 'settled' and i.external_id = any ($3::text[]))
     order by i.external_id`,
    [organisationId, found.id, items.map(({ externalId }) => externalId), new Date(asOf)],
  );
  return { creditor: found.external_id, invoices };
}

/** What is to be owed on an invoice, in minor units. */
interface Wanted {
  externalId: string;
  invoiceId: string;
  open: number;
}

function compare(
  invoices: readonly Known[],
  { items }: Snapshot,
): { report: SnapshotReport; changes: Map<string, Wanted[]> } {
  const listed = new Map(items.map((item) => [item.externalId, item]));
  const known = new Set(invoices.map(({ ledger }) => ledger.externalId));
  const report: SnapshotReport = {
    open: invoices.filter(({ ledger }) => ledger.status === 'open').length,
    closed: [],
    lowered: [],
    raised: [],
    unchanged: 0,
    unknown: items.filter(({ externalId }) => !known.has(externalId)).map(({ externalId }) => externalId),
    disagreeing: [],
  };
  const changes = new Map<string, Wanted[]>();
  for (const one of invoices) {
    const { id, externalId, customerId, currency } = one.ledger;
    const item = listed.get(externalId);
    const open = !item ? 0 : item.currency === currency ? parseAmount(item.open, currency) : NaN;
    const verdict = verdictOn(one, open, item !== undefined);
    if (verdict === 'unchanged') report.unchanged += 1;
    else report[verdict].push(externalId);
    if (verdict === 'unchanged' || verdict === 'disagreeing') continue;
    changes.set(customerId, [...(changes.get(customerId) ?? []), { externalId, invoiceId: id, open }]);
  }
  return { report, changes: new Map([...changes].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

type Verdict = 'closed' | 'lowered' | 'raised' | 'unchanged' | 'disagreeing';

/** What is announced and not there yet is owed by the books. */
function verdictOn({ ledger, byLists }: Known, open: number, isListed: boolean): Verdict {
  const owed = owedOn(ledger);
  if (Number.isNaN(open) || open > owed + byLists) return 'disagreeing';
  if (open === owed) return 'unchanged';
  if (open > owed) return 'raised';
  return isListed && open > 0 ? 'lowered' : 'closed';
}

const owedOn = ({ parts }: InvoiceLedger): number =>
  parts.reduce((sum, { amount, paid }) => sum + amount - paid, 0);

/** Under the customer's lock, which the commands take: what was read before may have changed, and is read again. */
async function bringInLine(scope: Scope, customerId: string, wanted: Wanted, asOf: Instant): Promise<void> {
  await scope.manager.query(
    'select id from customer where organisation_id = $1 and id = $2 for no key update',
    [scope.organisationId, customerId],
  );
  let ledger = await readOne(scope, wanted.invoiceId);
  if (wanted.open > owedOn(ledger)) {
    for (const { id } of await listPayments(scope, wanted.invoiceId)) {
      if (wanted.open <= owedOn(ledger)) break;
      done([await reversePayment(scope, { id }, 'a later list of open items has more')]);
      ledger = await readOne(scope, wanted.invoiceId);
    }
  }
  const paid = Math.min(owedOn(ledger) - wanted.open, openOf(ledger));
  if (paid > 0) done(await recordPayments(scope, [paymentOf(ledger, paid, asOf, scope.now)]));
}

/** What was computed under the lock fits; a refusal would leave an invoice open that the list has closed. */
function done(results: readonly (Written | Refused | RecordedPayment)[]): void {
  const refusal = results.find(isRefused);
  if (refusal)
    throw new Error(`A list of open items could not be applied: ${refusal.field} ${refusal.message}`);
}

/** Its id is of no meaning: what has to be recorded follows from what is owed, so that nothing is recorded twice. */
const paymentOf = (
  { externalId, currency }: InvoiceLedger,
  minor: number,
  asOf: Instant,
  now: Instant,
): PaymentInput => ({
  externalId: `${METHOD}:${randomUUID()}`,
  invoiceExternalId: externalId,
  amount: formatAmount(minor, currency),
  currency,
  method: METHOD,
  effectiveAt: formatInstant(Math.min(asOf, now)),
});

async function readOne({ manager, organisationId }: Scope, id: string): Promise<InvoiceLedger> {
  const [row] = await manager.query<{ ledger: InvoiceLedger }[]>(
    `select ${INVOICE_LEDGER} as ledger from invoice i where i.organisation_id = $1 and i.id = $2`,
    [organisationId, id],
  );
  if (!row) throw new Error(`Invoice ${id} vanished under the lock of its customer.`);
  return row.ledger;
}

/** Of earlier lists, the newest first. */
const listPayments = ({ manager, organisationId }: Scope, invoiceId: string): Promise<{ id: string }[]> =>
  manager.query<{ id: string }[]>(
    `select distinct y.id, y.effective_at from payment y
     join allocation a on a.organisation_id = y.organisation_id and a.payment_id = y.id and a.reversed_at is null
     where y.organisation_id = $1 and a.invoice_id = $2 and y.method = '${METHOD}' and y.status = 'posted'
     order by y.effective_at desc, y.id desc`,
    [organisationId, invoiceId],
  );
