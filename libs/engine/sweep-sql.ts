import { CONTACT_RECONCILIATION, INVOICE_CAMPAIGN, WEBHOOK_DELIVERY } from '#contracts/engine.js';
import { OUTBOX_CHANNEL } from './announce.js';

/** Enrolments that lag, taken in one sweep; the rest have their turn in the next. */
export const LAGGING_LIMIT = 500;
/** Open enrolments whose workflow is looked up in one sweep. */
export const PROVED_LIMIT = 1_000;
/** Subjects with waiting webhook deliveries whose workflow is looked up in one sweep. */
export const WAITING_LIMIT = 500;

/** Messages that may have gone out whose workflow is looked up in one sweep. */
export const UNKNOWN_LIMIT = 500;

/** A live step this late was lost, for its worker would have taken it. */
const OVERDUE = '5 minutes';

/**
 * The enrolment that its invoice's workflow walks: the open one, else the latest. One that another has taken the place
 * of is planned no more, whatever its versions say. (The role may not read `recorded_at`; ids of version 7 rise too.)
 */
const WALKED = `e.id = (select w.id from enrolment w
  where w.organisation_id = e.organisation_id and w.invoice_id = e.invoice_id
  order by (w.state = 'open') desc, w.id desc limit 1)`;

const UNTOLD = `not exists (select from outbox x where x.organisation_id = e.organisation_id
  and x.workflow_id = 'invoice/' || e.organisation_id || '/' || e.invoice_id)`;

/** What a workflow that lags behind looks like in the database; Temporal's own lists lag themselves. */
const LAGS = `(e.planned_version < e.facts_version
  or (e.state = 'open' and o.kind = 'live' and e.next_due_at < now() - interval '${OVERDUE}'))`;

const COLUMNS = 'e.organisation_id, e.id, e.invoice_id, e.facts_version';
const ENROLMENT = `enrolment e join organisation o on o.id = e.organisation_id`;

/** After $1, $2: an organisation and an enrolment. */
export const LAGGING = `
  select ${COLUMNS} from ${ENROLMENT}
  where (e.organisation_id, e.id) > ($1::uuid, $2::uuid) and ${LAGS} and ${UNTOLD} and ${WALKED}
  order by e.organisation_id, e.id limit ${LAGGING_LIMIT}`;

/** Of rows that lagged ($1), those that still do, and heard of no fact meanwhile. */
export const STILL_LAGGING = `
  select ${COLUMNS} from ${ENROLMENT}
  join jsonb_to_recordset($1) as r(organisation_id uuid, id uuid, facts_version int)
    on r.organisation_id = e.organisation_id and r.id = e.id and r.facts_version = e.facts_version
  where ${LAGS} and ${UNTOLD} and ${WALKED}`;

/** Of an answer somebody asked for that waits for its next try, after the outreach has ended too. */
const ANSWERS = `select a.enrolment_id from answer_request a where a.state = 'waiting'`;

/** As of {@link LAGGING}. */
export const OPEN = `
  select ${COLUMNS} from enrolment e
  where (e.state = 'open' or e.id = any (array(${ANSWERS}))) and (e.organisation_id, e.id) > ($1::uuid, $2::uuid) and ${UNTOLD}
  order by e.organisation_id, e.id limit ${PROVED_LIMIT}`;

/** After $1, $2, $3: an organisation, an endpoint and a subject. */
export const WAITING = `
  select distinct d.organisation_id, d.endpoint_id, d.subject_id from webhook_delivery d
  join webhook_endpoint p on p.organisation_id = d.organisation_id and p.id = d.endpoint_id and p.state = 'active'
  where d.state = 'waiting' and (d.organisation_id, d.endpoint_id, d.subject_id) > ($1::uuid, $2::uuid, $3::uuid)
    and not exists (select from outbox x where x.organisation_id = d.organisation_id
      and x.workflow_id = 'webhook/' || d.organisation_id || '/' || d.endpoint_id || '/' || d.subject_id)
  order by d.organisation_id, d.endpoint_id, d.subject_id limit ${WAITING_LIMIT}`;

/** Messages that may have gone out and that somebody should look for, after $1, $2: an organisation and a contact. */
export const UNKNOWN = `
  select k.organisation_id, k.id from contact k
  where k.state = 'unknown' and k.resolution is null and (k.organisation_id, k.id) > ($1::uuid, $2::uuid)
    and not exists (select from outbox x where x.organisation_id = k.organisation_id
      and x.workflow_id = 'reconcile/' || k.organisation_id || '/' || k.id)
  order by k.organisation_id, k.id limit ${UNKNOWN_LIMIT}`;

/** Rows in the order of their key, in which everybody locks them; what somebody else told meanwhile stays. */
const telling = (rows: string): string => `
  with told as (
    insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
    ${rows} order by 1, 2
    on conflict (organisation_id, workflow_id) do nothing
    returning 1
  )
  select count(pg_notify('${OUTBOX_CHANNEL}', '')) from (select from told limit 1) one`;

export const TELL_ENROLMENTS = telling(`
  select e.organisation_id, 'invoice/' || e.organisation_id || '/' || e.invoice_id, '${INVOICE_CAMPAIGN}',
         jsonb_build_object('organisationId', e.organisation_id, 'invoiceId', e.invoice_id), e.facts_version
  from jsonb_to_recordset($1) as r(organisation_id uuid, id uuid)
  join enrolment e on e.organisation_id = r.organisation_id and e.id = r.id
  where e.state = 'open' or e.planned_version < e.facts_version or e.id = any (array(${ANSWERS}))`);

export const TELL_WAITING = telling(`
  select r.organisation_id, 'webhook/' || r.organisation_id || '/' || r.endpoint_id || '/' || r.subject_id,
         '${WEBHOOK_DELIVERY}', jsonb_build_object('organisationId', r.organisation_id,
           'endpointId', r.endpoint_id, 'subjectId', r.subject_id), floor(random() * 2147483647)::int
  from jsonb_to_recordset($1) as r(organisation_id uuid, endpoint_id uuid, subject_id uuid)
  where exists (select from webhook_delivery d where d.organisation_id = r.organisation_id
    and d.endpoint_id = r.endpoint_id and d.subject_id = r.subject_id and d.state = 'waiting')`);

export const TELL_UNKNOWN = telling(`
  select k.organisation_id, 'reconcile/' || k.organisation_id || '/' || k.id, '${CONTACT_RECONCILIATION}',
         jsonb_strip_nulls(jsonb_build_object('organisationId', k.organisation_id, 'contactId', k.id, 'looksMs', r."looksMs")), 1
  from jsonb_to_recordset($1) as r(organisation_id uuid, id uuid, "looksMs" jsonb)
  join contact k on k.organisation_id = r.organisation_id and k.id = r.id
  where k.state = 'unknown' and k.resolution is null`);

/** Answers are kept for a day, as the API's documentation says. */
export const FORGET = `delete from idempotency_key where recorded_at < now() - interval '1 day'`;
