import { INVOICE_CAMPAIGN } from '#contracts/engine.js';
import type { Scope } from './scope.js';

/** Wakes the relays that listen; delivered with the commit. */
export const OUTBOX_CHANNEL = 'kindly_outbox';

/** Wakes whoever waits for a test organisation to settle; its payload is the organisation. */
export const PLANNED_CHANNEL = 'kindly_planned';

/** What a fact concerns: some invoices of a customer, or all of them. */
export interface Concerned {
  customerId: string;
  invoiceIds?: readonly string[];
  /** Enrolments whose last message turns out not to have arrived: their ladders may have ended, and go on. */
  undelivered?: readonly string[];
}

/**
 * Takes the customer's lock and raises its facts version. Call it before reading anything the new fact depends on:
 * a contact decided under the same lock stores the version it saw.
 */
export async function lockCustomer(scope: Scope, customerId: string): Promise<void> {
  await scope.manager.query(
    'update customer set facts_version = facts_version + 1 where organisation_id = $1 and id = $2',
    [scope.organisationId, customerId],
  );
}

/**
 * Customers, and those whose parent company one of them is: what is said of people at the parent is a fact for these too.
 *
 * @param chosen a query of ids of the organisation $1, as `customer_id`
 * @returns a query of `customer_id`, in the order in which they are locked
 */
export const withDaughters = (chosen: string): string => `
  with chosen as (${chosen})
  select customer_id from chosen
  union select d.id from customer d where d.organisation_id = $1 and d.parent_id in (select customer_id from chosen)
  order by customer_id`;

/** Takes the locks of a customer and of those whose parent company it is. */
export async function lockWithDaughters(scope: Scope, customerId: string): Promise<void> {
  for (const id of await idsWithDaughters(scope, [customerId])) await lockCustomer(scope, id);
}

/** Ids of these customers and of those whose parent company is among them, in the order in which they are locked. */
export async function idsWithDaughters(scope: Scope, customerIds: readonly string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const rows = await scope.manager.query<{ customer_id: string }[]>(
    withDaughters('select unnest($2::uuid[]) as customer_id'),
    [scope.organisationId, customerIds],
  );
  return rows.map((row) => row.customer_id);
}

const REOPEN = `
  update enrolment e set state = 'open', ended_reason = null, ended_at = null
  where e.organisation_id = $1 and e.customer_id = $2 and e.state = 'ended'
    and (e.ended_reason in ('settled', 'cancelled', 'written_off')
      or e.id = any ($4::uuid[]) and e.ended_reason = 'exhausted' and not (e.cursor ->> 'exhausted')::boolean)
    and ($3::uuid[] is null or e.invoice_id = any ($3))
    and e.id = (select l.id from enrolment l where l.organisation_id = $1 and l.invoice_id = e.invoice_id
                order by l.recorded_at desc, l.id desc limit 1)
    and exists (select from invoice i where i.organisation_id = $1 and i.id = e.invoice_id and i.status = 'open')`;

/** Of an invoice's enrolments the one that its workflow walks: its latest, which alone can be open. */
const RAISE = `
  with raised as (
    update enrolment e set facts_version = facts_version + 1
    where e.organisation_id = $1 and e.customer_id = $2 and ($3::uuid[] is null or e.invoice_id = any ($3))
      and (e.state = 'open' or (
        e.id = (select l.id from enrolment l where l.organisation_id = $1 and l.invoice_id = e.invoice_id
                order by (l.state = 'open') desc, l.recorded_at desc, l.id desc limit 1)
        and (exists (select from answer_request w
               where w.organisation_id = $1 and w.invoice_id = e.invoice_id and w.state = 'waiting')
          or exists (select from task k join enrolment l on l.organisation_id = $1 and l.id = k.enrolment_id
               where k.organisation_id = $1 and l.invoice_id = e.invoice_id and k.state = 'open'))))
    returning e.invoice_id, e.facts_version
  ), told as (
    insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
    select $1, 'invoice/' || $1::uuid || '/' || invoice_id, '${INVOICE_CAMPAIGN}',
           jsonb_build_object('organisationId', $1, 'invoiceId', invoice_id), facts_version
    from raised
    on conflict (organisation_id, workflow_id) do update set version = excluded.version, payload = excluded.payload
    returning 1
  )
  select count(pg_notify('${OUTBOX_CHANNEL}', ''))::int as told from (select from told limit 1) one`;

/**
 * Tells the workflows concerned that facts changed, in the transaction that changed them: raises the versions and
 * writes the outbox. An enrolment that had ended because its invoice was closed resumes when the invoice is open
 * again, so does one whose ladder had ended by a message
 * that did not arrive; and one that has ended still sends the answers somebody asked for and closes the tasks nobody needs any more. Call it after the change, under the customer's lock.
 */
export async function announceFacts(scope: Scope, concerned: Concerned): Promise<void> {
  await scope.manager.query(REOPEN, [...parametersOf(scope, concerned), concerned.undelivered ?? []]);
  await wakeEnrolments(scope, concerned);
}

/** The same of all that {@link lockWithDaughters} locks. */
export async function announceWithDaughters(scope: Scope, customerId: string): Promise<void> {
  for (const id of await idsWithDaughters(scope, [customerId]))
    await announceFacts(scope, { customerId: id });
}

/** Has open enrolments planned anew without a new fact: their moment has come on a test clock, or a sweep doubts them. */
export async function wakeEnrolments(scope: Scope, concerned: Concerned): Promise<void> {
  await scope.manager.query(RAISE, parametersOf(scope, concerned));
}

const parametersOf = ({ organisationId }: Scope, { customerId, invoiceIds }: Concerned): unknown[] => [
  organisationId,
  customerId,
  invoiceIds ?? null,
];
