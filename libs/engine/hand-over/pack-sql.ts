import { KEEPING, PLAN } from '../enrolment-sql.js';
import { TIMELINE_IN_ORDER } from '../reading/timeline.js';

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const list = (columns: string, from: string, order: string): string =>
  `coalesce((select json_agg(json_build_object(${columns}) order by ${order}) from ${from}), '[]')`;

const CREDITOR = `json_build_object('name', r.name, 'party', r.party, 'vatId', r.vat_id, 'address', r.address,
  'website', r.website, 'phone', r.phone, 'email', r.email)`;

const ADDRESSES = list(
  `'kind', t.kind, 'value', t.value, 'status', t.status`,
  `contact_point t where t.organisation_id = q.organisation_id and t.person_id = q.id`,
  't.kind, t.position, t.normalised',
);

const CUSTOMER = `json_build_object('externalId', c.external_id, 'kind', c.kind, 'name', c.name, 'country', c.country,
  'region', c.region, 'zone', c.zone, 'locale', c.locale, 'address', c.address, 'people', ${list(
    `'name', q.name, 'roles', q.roles, 'locale', q.locale, 'addresses', ${ADDRESSES}`,
    `contact_person q where q.organisation_id = c.organisation_id and q.customer_id = c.id`,
    'q.position, q.external_id',
  )})`;

const PARTS = list(
  `'sequence', p.sequence, 'amount', p.amount_minor, 'paid', s.paid, 'pending', s.pending, 'dueOn', p.due_on,
   'milestone', p.milestone, 'completedAt', ${ms('p.completed_at')}`,
  `invoice_part p cross join lateral (
     select coalesce(sum(a.amount_minor) filter (where y.status is distinct from 'pending'), 0) as paid,
       coalesce(sum(a.amount_minor) filter (where y.status = 'pending'), 0) as pending
     from allocation a left join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
     where a.organisation_id = p.organisation_id and a.part_id = p.id and a.reversed_at is null) s
   where p.organisation_id = i.organisation_id and p.invoice_id = i.id`,
  'p.sequence',
);

const INVOICE = `json_build_object('externalId', i.external_id, 'number', i.number, 'kind', i.kind, 'status', i.status,
  'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'net', i.net_minor, 'tax', i.tax_minor,
  'total', i.total_minor, 'parts', ${PARTS}, 'disputed', (
    select coalesce(sum(h.amount_minor), 0) from hold h where h.organisation_id = i.organisation_id and h.invoice_id = i.id
      and h.kind = 'dispute' and h.released_at is null and (h.expires_at is null or h.expires_at > $4)),
  'document', (select json_build_object('filename', d.filename, 'contentType', d.content_type,
      'bytes', length(d.content), 'sha256', encode(d.sha256, 'hex'))
    from document d where d.organisation_id = i.organisation_id and d.id = i.document_id))`;

const CAMPAIGNS = list(
  `'at', ${ms('e.enrolled_at')}, 'campaign', g.external_id, 'version', v.number, 'run', e.run_no,
   'endedAt', ${ms('e.ended_at')}, 'endedBecause', e.ended_reason`,
  `enrolment e join campaign g on g.organisation_id = e.organisation_id and g.id = e.campaign_id
   join campaign_version v on v.organisation_id = e.organisation_id and v.id = e.version_id
   where e.organisation_id = $1 and e.invoice_id = $2`,
  'e.enrolled_at, e.id',
);

const MONEY = list(
  `'at', ${ms('a.effective_at')}, 'kind', case when a.payment_id is null then 'credit_note' else 'payment' end,
   'externalId', coalesce(y.external_id, n.external_id), 'method', y.method, 'reference', y.reference,
   'amount', a.amount_minor, 'state', case when a.reversed_at is not null then 'taken_back'
     when y.status = 'pending' then 'announced' else 'applied' end,
   'takenBackAt', ${ms('a.reversed_at')}, 'takenBackBecause', case when a.reversed_at is not null then y.reversal_reason end`,
  `allocation a
   left join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
   left join credit_note n on n.organisation_id = a.organisation_id and n.id = a.credit_note_id
   where a.organisation_id = $1 and a.invoice_id = $2`,
  'a.effective_at, a.id',
);

const RECEIPTS = list(
  `'at', ${ms('r.effective_at')}, 'kind', r.kind, 'byMachine', r.by_machine`,
  `receipt r where r.organisation_id = k.organisation_id and r.contact_id = k.id`,
  'r.effective_at, r.id',
);

/** Also statements that told of it among other invoices. */
const MESSAGES = list(
  `'at', ${ms('k.decided_at')}, 'kind', k.kind, 'medium', k.medium, 'from', k.snapshot -> 'from' ->> 'address',
   'to', k.snapshot -> 'to' ->> 'address', 'subject', k.snapshot ->> 'subject', 'text', coalesce(k.snapshot ->> 'text', ''),
   'provider', k.provider, 'providerId', k.provider_id, 'state', k.state, 'outcomeCode', k.outcome_code,
   'delivery', k.delivery, 'resolution', k.resolution, 'receipts', ${RECEIPTS}`,
  `contact k where k.organisation_id = $1 and k.customer_id = $3 and (k.invoice_id = $2 or exists (
     select from attempt w where w.organisation_id = $1 and w.invoice_id = $2 and w.contact_id = k.id))`,
  'k.decided_at, k.recorded_at, k.id',
);

/** About this invoice, or about none in particular. */
const RECEIVED = list(
  `'at', ${ms('m.effective_at')}, 'medium', m.medium, 'from', m.sender, 'subject', m.subject, 'text', m.body,
   'reading', coalesce(m.reading, 'person'), 'returnsOn', m.returns_on`,
  `inbound_message m where m.organisation_id = $1 and m.customer_id = $3
     and (m.invoice_id is null or m.invoice_id = $2) and m.applied_at is not null`,
  'm.effective_at, m.id',
);

const TASKS = list(
  `'at', ${ms('k.due_at')}, 'kind', k.kind, 'state', k.state, 'stepKey', k.step_key,
   'completedAt', ${ms('k.completed_at')}, 'outcome', k.outcome, 'detail', k.outcome_detail`,
  `task k where k.organisation_id = $1 and k.customer_id = $3 and (k.invoice_id = $2 or k.invoice_id is null)`,
  'k.due_at, k.id',
);

const PROMISES = list(
  `'at', ${ms('r.effective_at')}, 'amount', r.amount_minor, 'promisedOn', r.promised_on, 'came', least(r.amount_minor, ${KEEPING}),
   'cancelled', r.cancelled_at is not null, 'isOver', r.promised_on < ($4::timestamptz at time zone c.zone)::date`,
  `promise r where r.organisation_id = $1 and r.invoice_id = $2`,
  'r.sequence',
);

const PLANS = list(
  `'at', ${ms('r.effective_at')}, 'plan', ${PLAN}, 'zone', c.zone, 'cancelledAt', ${ms('r.cancelled_at')}, 'evidence', (
     select u.detail -> 'evidence' from audit_event u where u.organisation_id = $1 and u.subject_type = 'invoice'
       and u.subject_id = $2 and u.action = 'plan.agreed' and u.detail ->> 'plan' = r.id::text limit 1)`,
  `instalment_plan r where r.organisation_id = $1 and r.invoice_id = $2`,
  'r.number',
);

const HOLDS = list(
  `'at', ${ms('h.effective_at')}, 'kind', h.kind, 'amount', h.amount_minor, 'ofWholeCustomer', h.invoice_id is null,
   'reason', h.reason, 'evidence', h.evidence, 'expiresAt', ${ms('h.expires_at')}, 'releasedAt', ${ms('h.released_at')}`,
  `hold h where h.organisation_id = $1 and h.customer_id = $3 and (h.invoice_id is null or h.invoice_id = $2)`,
  'h.effective_at, h.id',
);

const CONSENTS = list(
  `'at', ${ms('n.effective_at')}, 'medium', n.medium, 'purpose', n.purpose, 'address', t.value, 'state', n.state,
   'evidence', n.evidence`,
  `consent n left join contact_point t on t.organisation_id = n.organisation_id and t.id = n.point_id
   where n.organisation_id = $1 and n.customer_id = $3`,
  'n.effective_at, n.id',
);

const SUPPRESSIONS = list(
  `'at', ${ms('s.effective_at')}, 'address', s.normalised, 'medium', s.medium, 'purpose', s.purpose, 'reason', s.reason,
   'liftedAt', ${ms('s.lifted_at')}`,
  `suppression s where s.organisation_id = $1 and (s.kind, s.normalised) in (
     select t.kind, t.normalised from contact_point t
     join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
     where t.organisation_id = $1 and q.customer_id = $3)`,
  's.effective_at, s.id',
);

/** Everything in one statement: its parts are of one moment, so that their totals agree. `$4` is the organisation's clock. */
export const PACK = `
  select o.name as organisation, ${CREDITOR} as creditor, ${CUSTOMER} as customer, ${INVOICE} as invoice,
    ($4::timestamptz at time zone c.zone)::date - i.due_on as "daysOverdue", ${CAMPAIGNS} as campaigns, ${MONEY} as money,
    ${MESSAGES} as messages, ${RECEIVED} as received, ${TASKS} as tasks, ${PROMISES} as promises, ${PLANS} as plans, ${HOLDS} as holds,
    ${CONSENTS} as consents, ${SUPPRESSIONS} as suppressions, (
      select coalesce(json_agg(json_build_object('at', ${ms('t.at')}, 'kind', t.kind, 'what', t.what, 'id', t.id,
        'data', t.data) order by t.position), '[]') from (${TIMELINE_IN_ORDER}) t) as history
  from invoice i
  join organisation o on o.id = i.organisation_id
  join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
  join creditor r on r.organisation_id = i.organisation_id and r.id = i.creditor_id
  where i.organisation_id = $1 and i.id = $2 and i.customer_id = $3`;
