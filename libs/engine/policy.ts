import type { Instant } from '#domain/instant.js';
import { type ContactingAction, COUNTS_FOR_MS, hasPolicy, type Outreach } from '#domain/policy/keeping.js';
import { SPOKE } from '#domain/task-outcomes.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';
import type { CampaignVersion } from './campaigns/load-version.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { LockedScope } from './lock-invoice.js';

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

/**
 * Two customers with one address (a telephone in the hall) are one to a cap, and their locks are two: the rows of the
 * address are locked as well, in one order. It runs before the ledger is read, which then sees what the other committed.
 */
const LOCK_ADDRESS: Prepared = {
  name: 'lock-address',
  text: `select t.normalised from contact_point t
    join contact_point p on p.organisation_id = t.organisation_id and p.kind = t.kind and p.normalised = t.normalised
    where p.organisation_id = $1 and p.id = $2 order by t.id for no key update of t`,
};

/** Messages that may have gone out; a refused one reached nobody. */
const WENT_OUT = `k.counts_as = 'contact' and k.state in ('attempting', 'accepted', 'unknown')`;

/** The columns of a message `k` to the point `t`. */
const TO_POINT = `k.customer_id, k.invoice_id, k.id, k.kind, k.medium, k.decided_at, t.person_id, t.normalised`;

/** External ids of what a message or call `k` was about. */
const ABOUT = `array(select i.external_id from invoice i where i.organisation_id = $1 and i.id = k.invoice_id)`;

/** The same of a conversation; null where it was about none in particular. */
const ABOUT_ONE = `case when k.invoice_id is not null then ${ABOUT} end`;

/**
 * Of customer $2, since $3; $4 is the point that is to be written to. Without arrays among its
 * parameters, it is planned once a connection. Who has an address may be written to about what a daughter company owes. `offset 0`: whose a shared address is, is looked up by it alone; otherwise all
 * people of the organisation are read to find those who are of other customers.
 */
const OUTREACH: Prepared = {
  name: 'outreach-of-customer',
  text: `select json_build_object(
    'houseRules', coalesce((select o.settings -> 'houseRules' from organisation o where o.id = $1), '[]'),
    'wishes', coalesce((select c.wishes from customer c where c.organisation_id = $1 and c.id = $2), '[]'),
    'address', (select p.normalised from contact_point p where p.organisation_id = $1 and p.id = $4),
    'contacts', (select coalesce(json_agg(made), '[]') from (
       select k.medium, k.person_id as "personId", k.normalised as address, ${ms('k.decided_at')} as at,
         case when k.kind = 'statement' then array(
             select l.external_id from attempt w
             join invoice l on l.organisation_id = w.organisation_id and l.id = w.invoice_id
             where w.organisation_id = $1 and w.customer_id = k.customer_id and w.decided_at = k.decided_at
               and w.contact_id = k.id order by l.external_id)
           else ${ABOUT} end as "invoiceIds"
       from (
         select ${TO_POINT} from contact k
           join contact_point t on t.organisation_id = k.organisation_id and t.id = k.point_id
           where k.organisation_id = $1 and k.customer_id = $2 and k.decided_at > $3 and ${WENT_OUT}
         union all
         select ${TO_POINT} from contact k cross join lateral (select p.person_id, p.normalised from contact_point p
             where p.organisation_id = k.organisation_id and p.id = any (k.copied_to) offset 0) t
           where k.organisation_id = $1 and k.customer_id = $2 and k.decided_at > $3 and k.copied_to <> '{}' and ${WENT_OUT}
         union all
         select ${TO_POINT} from contact_point p
           join contact_point t on t.organisation_id = p.organisation_id and t.kind = p.kind
             and t.normalised = p.normalised
           join lateral (select o.customer_id from contact_person o
             where o.organisation_id = t.organisation_id and o.id = t.person_id
             union all select d.id from contact_person o join customer d
               on d.organisation_id = o.organisation_id and d.parent_id = o.customer_id
             where o.organisation_id = t.organisation_id and o.id = t.person_id offset 0) q on q.customer_id <> $2
           join contact k on k.organisation_id = t.organisation_id and k.customer_id = q.customer_id and k.point_id = t.id
           where p.organisation_id = $1 and p.id = $4 and k.decided_at > $3 and ${WENT_OUT}) k
       union all
       select 'call', null, null, ${ms("case k.state when 'done' then k.completed_at else k.due_at end")}, ${ABOUT}
         from task k
         where k.organisation_id = $1 and k.customer_id = $2 and k.kind = 'call' and k.state in ('open', 'done')
           and case k.state when 'done' then k.completed_at else k.due_at end > $3) made),
    'conversations', (select coalesce(json_agg(spoken), '[]') from (
       select ${ms('k.completed_at')} as at, null as "personId", ${ABOUT_ONE} as "invoiceIds"
         from task k
         where k.organisation_id = $1 and k.customer_id = $2 and k.kind = 'call' and k.completed_at > $3
           and k.outcome in (${SPOKE.map((outcome) => `'${outcome}'`).join(', ')})
       union all
       select ${ms('k.effective_at')}, k.person_id::text, ${ABOUT_ONE}
         from inbound_message k
         where k.organisation_id = $1 and k.customer_id = $2 and k.reading = 'person' and k.effective_at > $3) spoken),
    'payments', (select coalesce(json_agg(paid), '[]') from (
       select ${ms('y.effective_at')} as at, array[i.external_id] as "invoiceIds"
         from payment y
         join allocation a on a.organisation_id = y.organisation_id and a.payment_id = y.id and a.reversed_at is null
         join invoice i on i.organisation_id = a.organisation_id and i.id = a.invoice_id
         where y.organisation_id = $1 and y.customer_id = $2 and y.status <> 'reversed'
           and y.effective_at > $3) paid)) as outreach`,
};

/** What contact policies go by, read under the customer's lock; null where the campaign names none. */
export async function outreachFor(
  scope: LockedScope,
  loaded: LoadedEnrolment,
  { document }: CampaignVersion,
  action: ContactingAction,
): Promise<Outreach | null> {
  if (!hasPolicy(document)) return null;
  const pointId = action.kind === 'send' ? action.pointId : null;
  return readOutreach(scope, loaded, pointId, scope.now - COUNTS_FOR_MS);
}

/**
 * Of a customer and, where they share an address with others, of those.
 *
 * @param pointId that is to be written to; null for a call
 * @param since what happened later counts
 */
export async function readOutreach(
  { manager, organisationId }: Pick<LockedScope, 'manager' | 'organisationId'>,
  { customerId }: Pick<LoadedEnrolment, 'customerId'>,
  pointId: string | null,
  since: Instant,
): Promise<Outreach> {
  const locking = pointId === null ? null : queryPrepared(manager, LOCK_ADDRESS, [organisationId, pointId]);
  const asking = queryPrepared<{ outreach: Outreach }>(manager, OUTREACH, [
    organisationId,
    customerId,
    new Date(since),
    pointId,
  ]);
  // The lock's failure is the one to tell of: without it nothing else could be answered.
  asking.catch(() => undefined);
  await locking;
  const [row] = await asking;
  if (!row) throw new Error('A statement without a table always answers.');
  return row.outreach;
}
