import { type PartBalanceInput, invoiceBalance } from '#domain/balance.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { type InvoiceState, invoiceMachine, transition } from '#domain/transitions.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';

/** A part of an invoice with what is allocated to it. Amounts in minor units. */
export interface PartLedger {
  id: string;
  sequence: number;
  amount: number;
  dueOn: LocalDate | null;
  milestone: string | null;
  /** ISO 8601: how long after its milestone it is due. */
  dueAfter: string | null;
  /** Its milestone is done, and gave it its due date. */
  isCompleted: boolean;
  /** From posted payments and credit notes. */
  paid: number;
  /** From payments that are announced only. */
  pending: number;
  /** An allocation, standing or reversed, points at it: it can no longer be removed. */
  used: boolean;
}

/** An invoice as its balance is derived, read under the customer's lock. */
export interface InvoiceLedger {
  id: string;
  externalId: string;
  number: string;
  customerId: string;
  currency: string;
  status: InvoiceState;
  /** By sequence. */
  parts: PartLedger[];
}

/** One invoice as JSON, of `invoice i`. */
export const INVOICE_LEDGER = `json_build_object(
  'id', i.id, 'externalId', i.external_id, 'number', i.number, 'customerId', i.customer_id, 'currency', i.currency,
  'status', i.status, 'parts', (
    select json_agg(json_build_object('id', p.id, 'sequence', p.sequence, 'amount', p.amount_minor, 'dueOn', p.due_on,
             'milestone', p.milestone, 'dueAfter', p.due_after, 'isCompleted', p.completed_at is not null, 'paid', coalesce(s.paid, 0), 'pending', coalesce(s.pending, 0), 'used', s.used)
           order by p.sequence)
    from invoice_part p, lateral (
      select count(*) > 0 as used,
             sum(a.amount_minor) filter (where a.reversed_at is null and y.status is distinct from 'pending') as paid,
             sum(a.amount_minor) filter (where a.reversed_at is null and y.status = 'pending') as pending
      from allocation a left join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
      where a.organisation_id = p.organisation_id and a.part_id = p.id) s
    where p.organisation_id = i.organisation_id and p.invoice_id = i.id))`;

/** Invoices by their ids; those that do not exist are left out. */
export async function readLedgers(scope: Scope, ids: readonly string[]): Promise<InvoiceLedger[]> {
  const rows = await scope.manager.query<{ ledger: InvoiceLedger }[]>(
    `select ${INVOICE_LEDGER} as ledger from invoice i where i.organisation_id = $1 and i.id = any ($2::uuid[])`,
    [scope.organisationId, ids],
  );
  return rows.map((row) => row.ledger);
}

/** What one part gets of some money, in minor units. */
export interface Share {
  invoiceId: string;
  partId: string;
  amount: number;
}

/** Minor units that nobody has paid or announced yet. */
export const openOf = (invoice: InvoiceLedger): number =>
  invoice.parts.reduce((sum, part) => sum + part.amount - part.paid - part.pending, 0);

/** Minor units of a payment or credit note that no invoice got. @param money its alias @param column of it in allocations */
export const unallocatedSql = (money: string, column: 'payment_id' | 'credit_note_id'): string =>
  `${money}.amount_minor - coalesce((select sum(a.amount_minor) from allocation a
    where a.organisation_id = $1 and a.${column} = ${money}.id and a.reversed_at is null), 0)`;

/** Minor units of an invoice that disputes about a part have taken out of what is asked for, by the organisation's clock. */
export const disputedSql = (invoiceId: string, now: string): string => `coalesce((
  select sum(h.amount_minor)::bigint from hold h
  where h.organisation_id = $1 and h.invoice_id = ${invoiceId} and h.kind = 'dispute' and h.released_at is null
    and (h.expires_at is null or h.expires_at > ${now})), 0)`;

/**
 * Spreads money over the open parts of an invoice in their order and enters it into the ledger. What the invoice does
 * not owe is left over: an over-payment belongs to the customer.
 */
export function spread(invoice: InvoiceLedger, minor: number, as: 'paid' | 'pending'): Share[] {
  const shares: Share[] = [];
  let left = minor;
  for (const part of invoice.parts) {
    const amount = Math.min(left, part.amount - part.paid - part.pending);
    if (amount <= 0) continue;
    part[as] += amount;
    left -= amount;
    shares.push({ invoiceId: invoice.id, partId: part.id, amount });
  }
  return shares;
}

export interface StatusChange {
  id: string;
  status: InvoiceState;
  settledAt: Instant | null;
}

/**
 * The change of status that the balance calls for, by the transition table; null when it stays.
 *
 * @param at when the fact that settled it became true
 */
export function statusChange(invoice: InvoiceLedger, at: Instant): StatusChange | null {
  const settled = isSettled(invoice);
  const event =
    invoice.status === 'open' && settled
      ? 'settle'
      : invoice.status === 'settled' && !settled
        ? 'reopen'
        : null;
  if (!event) return null;
  const next = transition(invoiceMachine, invoice.status, event);
  if (!next.ok) throw new Error(`Invoice ${invoice.id}: ${next.reason}`);
  return { id: invoice.id, status: next.to, settledAt: next.to === 'settled' ? at : null };
}

function isSettled(invoice: InvoiceLedger): boolean {
  const result = invoiceBalance(invoice.parts.map(balanceInput));
  if (!result.ok) throw new Error(`Invoice ${invoice.id}: part ${result.error.sequence} is over-allocated.`);
  return result.balance.settled;
}

const balanceInput = ({ sequence, amount, paid, pending }: PartLedger): PartBalanceInput => ({
  sequence,
  amount,
  allocations: [
    { amount: paid, reversedAt: null },
    { amount: pending, reversedAt: null, pending: true },
  ].filter((each) => each.amount > 0),
});

/**
 * Remembers that invoices were settled or are owed again: their own columns tell only how it is now.
 *
 * @param changes the placeholder of {@link statusJson}; the others are placeholders, too, and `$1` is the organisation
 */
export const rememberStatus = (changes: string, actor: string, now: string): string => `
  insert into audit_event (organisation_id, actor, action, subject_type, subject_id, effective_at)
  select $1, ${actor}, case x.status when 'settled' then 'invoice.settled' else 'invoice.reopened' end, 'invoice', x.id,
         coalesce(x.settled_at, ${now})
  from jsonb_to_recordset(${changes}::jsonb) as x(id uuid, status text, settled_at timestamptz)`;

/** Stores changes of status, under the lock of the customers, and tells who listens. */
export async function storeStatus(scope: Scope, changes: readonly StatusChange[]): Promise<void> {
  if (changes.length === 0) return;
  const [[row]] = await scope.manager.query<[{ heard: boolean }[], number]>(
    `with remembered as (${rememberStatus('$2', '$3', '$4')})
     update invoice i set status = x.status, settled_at = x.settled_at
     from jsonb_to_recordset($2::jsonb) as x(id uuid, status text, settled_at timestamptz)
     where i.organisation_id = $1 and i.id = x.id
     returning ${HEARD} as heard`,
    [scope.organisationId, statusJson(changes), scope.actor, new Date(scope.now)],
  );
  if (row?.heard) await emitStatus(scope, changes);
}

/** Whether anybody at all listens to the organisation's events: read with something else, it saves a round trip. */
export const HEARD = 'exists (select from webhook_endpoint w where w.organisation_id = $1)';

/** Tells of invoices that were settled or are owed again. */
export async function emitStatus(
  scope: Scope,
  changes: readonly Pick<StatusChange, 'id' | 'status'>[],
): Promise<void> {
  for (const { id, status } of changes) {
    const type = status === 'settled' ? 'invoice.settled' : 'invoice.reopened';
    await emit(scope, { type, subjectId: id, data: { status } });
  }
}

export const statusJson = (changes: readonly StatusChange[]): string =>
  JSON.stringify(
    changes.map(({ id, status, settledAt }) => ({
      id,
      status,
      settled_at: settledAt === null ? null : new Date(settledAt),
    })),
  );

/** Brings the status of invoices in line with their balances, after allocations changed in this transaction. */
export async function refreshStatus(scope: Scope, ids: readonly string[], at: Instant): Promise<void> {
  const ledgers = await readLedgers(scope, ids);
  const changes = ledgers.flatMap((ledger) => statusChange(ledger, at) ?? []);
  await storeStatus(scope, changes);
}
