import { TOLD_REVERSALS } from '#domain/reversal.js';
import type { Prepared } from '#store/prepared.js';
import { staleBooks } from './facts/source-syncs.js';
import { LIMITS } from './limits/limit-facts.js';
import { consentsOf, peopleOf } from './load-people.js';
import { STOPPED } from './stop/stopped.js';

/** Milliseconds since 1970 of a timestamp. */
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const PAUSED = `(e.paused_at is not null or exists (select from campaign g
    where g.organisation_id = e.organisation_id and g.id = e.campaign_id and g.paused_at is not null))`;

/** People of a customer as a letter names them. */
const namesOf = (customer: string, name: string, locale: string): string => `(
    select json_agg(json_build_object('id', q.id, 'name', ${name}, 'givenName', q.given_name,
      'familyName', q.family_name, 'salutation', q.salutation, 'locale', ${locale}, 'points',
      (select json_object_agg(t.id, t.value) from contact_point t
        where t.organisation_id = q.organisation_id and t.person_id = q.id)))
    from contact_person q where q.organisation_id = c.organisation_id and q.customer_id = ${customer})`;

const LETTER = `(select json_build_object(
    'organisation', o.name, 'number', i.number, 'contactId', uuidv7(),
    'linkSecret', encode(o.link_secret, 'hex'),
    'document', (select json_build_object('id', d.id, 'filename', d.filename, 'contentType', d.content_type,
         'bytes', length(d.content), 'sha256', encode(d.sha256, 'hex'))
       from document d where d.organisation_id = i.organisation_id and d.id = i.document_id),
    'returned', (select json_build_object('at', ${ms('a.reversed_at')}, 'on', (y.effective_at at time zone c.zone)::date,
         'minor', sum(a.amount_minor))
       from allocation a join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
       where a.organisation_id = i.organisation_id and a.invoice_id = i.id and a.reversed_at = y.reversed_at
         and y.reversal_kind in (${TOLD_REVERSALS.map((kind) => `'${kind}'`).join(', ')})
       group by y.id, y.effective_at, a.reversed_at order by a.reversed_at desc limit 1),
    'threads', (select json_object_agg(h.point_id, h.thread) from (
         select distinct on (h.point_id) h.point_id, h.thread from contact h
         where h.organisation_id = i.organisation_id and h.invoice_id = i.id and h.thread is not null
           and h.state in ('accepted', 'unknown') order by h.point_id, h.decided_at) h),
    'customer', json_build_object('name', c.name, 'locale', c.locale),
    'people', coalesce(${namesOf('c.id', 'q.name', 'q.locale')}, '[]'),
    'parentPeople', case when c.parent_id is not null then (select
      ${namesOf('h.id', 'coalesce(q.name, h.name)', 'coalesce(q.locale, h.locale)')}
      from customer h where h.organisation_id = c.organisation_id and h.id = c.parent_id) end,
    'creditor', (select json_build_object('name', r.name, 'phone', r.phone, 'email', r.email, 'address', r.address,
         'vatId', r.vat_id, 'website', r.website, 'bankAccounts', r.bank_accounts, 'brand', r.brand,
         'senders', r.senders, 'mail', r.mail, 'paymentLink', r.payment_link, 'locale', r.locale)
       from creditor r where r.organisation_id = i.organisation_id and r.id = i.creditor_id),
    'manager', (select json_build_object('name', g.name, 'phone', g.phone, 'email', g.email)
       from account_manager g where g.organisation_id = c.organisation_id and g.id = c.account_manager_id))
  from organisation o where o.id = e.organisation_id)`;

/**
 * What came before an instant for the invoice that `r` is about, of what `since` says counts for it. Its customer is `c`.
 *
 * @param announced whether money that is announced and not there yet counts as well
 */
const cameUntil = (until: string, since: string, announced = false): string => `coalesce((
  select sum(a.amount_minor) from allocation a
  left join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id,
    lateral (select coalesce(y.effective_at, a.effective_at) as at) came
  where a.organisation_id = r.organisation_id and a.invoice_id = r.invoice_id and a.reversed_at is null
    ${announced ? '' : `and y.status is distinct from 'pending'`}
    and came.at < ${until} and ${since}), 0)`;

/**
 * From when it was promised. Money dated by a day only counts from 00:00, and so may seem older than a promise of that day: there the
 * order in which the two were recorded decides.
 */
const SINCE_PROMISED = `(came.at >= r.effective_at
  or (a.recorded_at > r.recorded_at and came.at >= date_trunc('day', r.effective_at, c.zone)))`;

/**
 * A plan is about what was open when it was agreed on: what was allocated by then, money that was only announced included, is none of
 * it, and whatever is allocated later is. Ids are of version 7 and given under the customer's lock, so they tell the order;
 * `recorded_at` is when a transaction began, which may be long before it had that lock.
 */
const SINCE_AGREED = 'a.id > r.id';

/** What came for the invoice of promise `r` from when it was promised until the end of its day where the customer is. */
export const KEEPING = cameUntil(`(r.promised_on + 1)::timestamp at time zone c.zone`, SINCE_PROMISED);

/** Instalment plan `r`, as facts; its customer is `c`. */
export const PLAN = `json_build_object('number', r.number, 'agreedAt', ${ms('r.effective_at')}, 'graceDays', r.grace_days,
  'missesAllowed', r.misses_allowed, 'paid', ${cameUntil(`'infinity'`, SINCE_AGREED)}, 'parts', (
    select json_agg(json_build_object('dueOn', x."dueOn", 'amount', x.amount, 'paidInTime',
        ${cameUntil(`(x."dueOn" + r.grace_days + 1)::timestamp at time zone c.zone`, SINCE_AGREED, true)}) order by x."dueOn")
    from jsonb_to_recordset(r.parts) as x("dueOn" date, amount bigint)))`;

/** What all enrolments of a customer that are due to one creditor have in common. @param now the instant at which the books are looked at */
const ofCustomer = (now: string): string => `
  ${STOPPED} as stopped, ${staleBooks(now)} as stale,
  (select r.party from creditor r where r.organisation_id = i.organisation_id and r.id = i.creditor_id) as party,
  (select json_build_object('switchedOff', jsonb_path_query_array(n.settings, '$.switchedOff[*].rule'),
            'rulesDigest', md5(concat_ws(' ', coalesce(n.settings -> 'houseRules', '[]'),
              jsonb_path_query_array(n.settings, '$.switchedOff[*].rule'), coalesce(c.wishes, '[]'))),
            'statementDays', coalesce((n.settings ->> 'statementDays')::int, 1))
     from organisation n where n.id = e.organisation_id) as organisation,
  c.external_id as customer_external_id, c.kind as customer_kind,
  c.country, c.region, c.zone, c.zone_source, c.preferred_medium, c.vip,
  ${peopleOf('c.id')} as people, ${consentsOf('c.id')} as consents,
  case when c.parent_id is not null then coalesce(${peopleOf('c.parent_id')}, '[]') end as parent_people,
  case when c.parent_id is not null then ${consentsOf('c.parent_id')} end as parent_consents,
  (select json_object_agg(x.experiment, x.arm) from exposure x
    where x.organisation_id = e.organisation_id and x.customer_id = e.customer_id) as exposures`;

/** @param now the instant at which holds are looked at */
const columns = (now: string): string => `
  e.id, e.invoice_id, e.customer_id, e.campaign_id, e.version_id, e.state, e.ended_reason, e.run_no, e.entry_rule,
  ${ms('e.enrolled_at')} as enrolled_at, ${PAUSED} as paused,
  i.currency = any (c.unapplied) as unapplied, e.cursor, e.facts_version, e.planned_version,
  c.facts_version as customer_version,
  i.external_id as invoice_external_id, i.currency, i.issued_on, i.due_on, i.status,
  (select json_agg(json_build_object('sequence', p.sequence, 'dueOn', p.due_on, 'milestone', p.milestone, 'completedAt', ${ms('p.completed_at')},
            'amount', p.amount_minor, 'paid', coalesce(m.paid, 0), 'pending', coalesce(m.pending, 0)) order by p.sequence)
     from invoice_part p cross join lateral (
       select sum(a.amount_minor) filter (where y.status is distinct from 'pending') as paid,
         sum(a.amount_minor) filter (where y.status = 'pending') as pending
       from allocation a left join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
       where a.organisation_id = p.organisation_id and a.part_id = p.id and a.reversed_at is null) m
     where p.organisation_id = i.organisation_id and p.invoice_id = i.id) as parts,
  (select json_agg(json_build_object('id', h.id, 'kind', h.kind, 'until', ${ms('h.expires_at')},
            'amount', h.amount_minor, 'resume', h.resume) order by h.id)
     from hold h where h.organisation_id = e.organisation_id and h.customer_id = e.customer_id
      and (h.invoice_id is null or h.invoice_id = e.invoice_id) and h.released_at is null
      and (h.expires_at is null or h.expires_at > ${now})) as holds,
  (select json_agg(h.resume || jsonb_build_object('from', ${ms('h.effective_at')},
            'at', ${ms('least(h.released_at, h.expires_at)')}) order by h.id)
     from hold h where h.organisation_id = e.organisation_id and h.customer_id = e.customer_id
      and (h.invoice_id is null or h.invoice_id = e.invoice_id) and h.resume is not null
      and (h.released_at is not null or h.expires_at <= ${now})
      and (least(h.released_at, h.expires_at), h.recorded_at) >= (e.enrolled_at, e.recorded_at)) as resumptions,
  (select json_agg(json_build_object('sequence', r.sequence, 'madeAt', ${ms('r.effective_at')}, 'promisedOn', r.promised_on,
            'cancelled', r.cancelled_at is not null, 'amount', r.amount_minor, 'paid', ${KEEPING}) order by r.sequence)
     from promise r where r.organisation_id = e.organisation_id and r.invoice_id = e.invoice_id) as promises,
  (select ${PLAN} from instalment_plan r where r.organisation_id = e.organisation_id and r.invoice_id = e.invoice_id
      and r.cancelled_at is null order by r.number desc limit 1) as plan,
  (select json_agg(json_build_object('kind', v.kind, 'sequence', v.sequence, 'at', ${ms('v.effective_at')})
          order by v.kind, v.sequence)
     from invoice_event v where v.organisation_id = e.organisation_id and v.invoice_id = e.invoice_id) as events,
  (select json_agg(json_build_object('id', k.id, 'stepKey', k.step_key, 'occurrence', k.occurrence, 'kind', k.kind, 'templates', k.brief -> 'templates',
            'waitUntil', ${ms('k.wait_until')}, 'outcome', k.outcome, 'at', ${ms('k.completed_at')}) order by k.id)
     from task k where k.organisation_id = e.organisation_id and k.enrolment_id = e.id and k.wait_until is not null
      and (k.state = 'open' or k.kind = 'approval' and k.state = 'done')) as tasks,
  (select json_build_object('stepKey', l.step_key, 'occurrence', l.occurrence, 'dueAt', ${ms('l.due_at')}, 'medium', u.medium,
            'state', u.state, 'provider', u.provider, 'delivery', case u.provider when 'outbox' then 'delivered' else u.delivery end)
     from attempt l join contact u on u.organisation_id = l.organisation_id and u.id = l.contact_id
     where l.organisation_id = e.organisation_id and l.enrolment_id = e.id and l.run_no = e.run_no
      and l.decision in ('sent', 'merged') order by l.decided_at desc limit 1) as last_sent,
  (select json_agg(json_build_object('id', w.id, 'medium', w.medium, 'notBefore', (w.tries ->> 'notBefore')::bigint)
          order by w.recorded_at, w.id)
     from answer_request w where w.organisation_id = e.organisation_id and w.invoice_id = e.invoice_id
      and w.state = 'waiting') as answers`;

/** A contact of enrolment `e`, or of others with it, whose outcome is not known yet. */
const ATTEMPTING = `from contact o where o.organisation_id = e.organisation_id and o.customer_id = e.customer_id
      and o.state = 'attempting' and (o.invoice_id = e.invoice_id or o.kind = 'statement' and exists (
        select from attempt w where w.organisation_id = o.organisation_id and w.enrolment_id = e.id
         and w.contact_id = o.id))`;

const AS_ATTEMPTING = `(select json_build_object('contactId', o.id, 'enrolmentId', o.enrolment_id, 'medium', o.medium, 'isStatement', o.kind = 'statement', 'provider', o.provider, 'leaseUntil', ${ms('o.lease_until')},
            'snapshot', o.snapshot, 'answerId', (select w.id from answer_request w
              where w.organisation_id = o.organisation_id and w.contact_id = o.id),
            'step', (select json_build_object('stepKey', t.step_key, 'stepIndex', t.step_index,
                      'occurrence', t.occurrence, 'dueAt', ${ms('t.due_at')})
                       from attempt t where t.organisation_id = o.organisation_id
                        and t.enrolment_id = o.enrolment_id and t.contact_id = o.id))
     ${ATTEMPTING} order by o.recorded_at limit 1) as attempting`;

/** What a message says besides, where $4 is true. */
const TO_WRITE = `case when $4 then ${LETTER} end as letter, case when $4 then ${LIMITS} end as limits`;

const FROM = `
  from enrolment e
  join customer c on c.organisation_id = e.organisation_id and c.id = e.customer_id
  join invoice i on i.organisation_id = e.organisation_id and i.id = e.invoice_id
  where e.organisation_id = $1`;

/** The driver describes and reads each column of each answer anew; of JSON it reads one. */
const asOneColumn = (query: string): string => `select to_json(row) as row from (${query}) as row`;

/** A test organisation's own clock, or else $3. */
const CLOCK = 'coalesce((select n.clock_now from organisation n where n.id = $1), $3)';

/** The open enrolment of an invoice, or else its latest: the one its workflow walks. */
export const OF_INVOICE: Prepared = {
  name: 'enrolment-of-invoice',
  text: asOneColumn(`select ${columns(CLOCK)}, ${AS_ATTEMPTING}, ${ofCustomer(CLOCK)}, ${TO_WRITE} ${FROM}
      and e.invoice_id = $2 and i.organisation_id = $1 and i.id = $2 and c.organisation_id = $1
    order by (e.state = 'open') desc, e.recorded_at desc, e.id desc limit 1`),
};

export const BY_IDS: Prepared = {
  name: 'enrolments-by-id',
  text: asOneColumn(
    `select ${columns('$3')}, ${AS_ATTEMPTING}, ${ofCustomer('$3')} ${FROM} and e.id = any ($2::uuid[]) order by e.id`,
  ),
};

/**
 * Other open enrolments of customer $2, of which nothing is under way, that may come to a message before $4, as they were planned or as they may be planned by now;
 * their invoices are of the creditor and in the currency of invoice $5; $6 of them at most. Without arrays among its parameters, it is planned once
 * a connection.
 */
export const OTHERS: Prepared = {
  name: 'other-enrolments-of-customer',
  text: asOneColumn(`select ${columns('$3')}, null as attempting, i.number ${FROM} and e.customer_id = $2 and e.state = 'open' and e.invoice_id <> $5
      and (i.creditor_id, i.currency) = (select s.creditor_id, s.currency from invoice s where s.organisation_id = $1 and s.id = $5)
      and (e.next_due_at < $4 or e.planned_version < e.facts_version) and not exists (select ${ATTEMPTING})
    order by i.due_on, i.external_id limit $6`),
};
