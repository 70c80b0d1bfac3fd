import { ATTEMPT_STATE, RETRY_AT } from './attempt-state.js';

/** Contact `o`: about the invoice, or a statement with it among others. */
const IS_ABOUT = `(o.invoice_id = $2 or o.customer_id = $3 and o.kind = 'statement' and exists (
  select from attempt t where t.organisation_id = $1 and t.invoice_id = $2 and t.contact_id = o.id))`;

/** A reply that is about no invoice in particular concerns each of them. */
const TASK_OF_INVOICE = `(k.invoice_id = $2 or (k.invoice_id is null and k.customer_id = $3 and k.kind = 'reply'))`;

/** The version that an enrolment began in, before any move. */
const FIRST_VERSION = `coalesce((select (u.detail ->> 'from')::uuid from audit_event u
     where u.organisation_id = $1 and u.subject_id = e.id and u.subject_type = 'enrolment' and u.action = 'enrolment.moved'
     order by u.id limit 1), e.version_id)`;

/**
 * Everything about one invoice as moments, one row each: `rank` orders what happens at one instant. `$1` is the
 * organisation, `$2` the invoice, `$3` its customer.
 */
const SOURCES: readonly string[] = [
  `select i.effective_at as at, 0 as rank, 'invoice' as kind, 'recorded' as what, i.id, i.recorded_at,
     jsonb_build_object('number', i.number, 'amountMinor', i.total_minor, 'currency', i.currency, 'dueOn', i.due_on) as data
   from invoice i where i.organisation_id = $1 and i.id = $2`,
  // Settled by what is applied, and open again by what is taken back, at the same instant.
  `select u.effective_at, case u.action when 'invoice.settled' then 21 when 'invoice.reopened' then 23 else 5 end, 'invoice', split_part(u.action, '.', 2), u.id, u.recorded_at, u.detail
   from audit_event u where u.organisation_id = $1 and u.subject_id = $2 and u.subject_type = 'invoice' and u.action not in ('plan.agreed', 'plan.cancelled')`,
  // Of the organisation as a whole, since the invoice is there.
  `select u.effective_at, 33, 'stop', split_part(u.action, '.', 2), u.id, u.recorded_at, u.detail
   from audit_event u join invoice i on i.organisation_id = $1 and i.id = $2
   where u.organisation_id = $1 and u.subject_type = 'organisation' and u.subject_id = $1
     and u.action in ('organisation.stopped', 'organisation.released') and u.effective_at >= i.effective_at`,
  `select v.effective_at, 10, 'event', v.kind, v.id, v.recorded_at, case when v.kind = 'milestone_completed' then coalesce((
       select jsonb_build_object('milestone', p.milestone, 'dueOn', p.due_on) from invoice_part p
       where p.organisation_id = v.organisation_id and p.invoice_id = v.invoice_id and p.sequence = v.sequence), '{}') else '{}' end
   from invoice_event v where v.organisation_id = $1 and v.invoice_id = $2`,
  `select a.effective_at, 20, case when a.payment_id is null then 'credit_note' else 'payment' end,
     case p.status when 'pending' then 'announced' else 'applied' end, a.id, a.recorded_at,
     jsonb_build_object('externalId', coalesce(p.external_id, n.external_id), 'amountMinor', a.amount_minor,
                        'currency', coalesce(p.currency, n.currency), 'paymentId', a.payment_id, 'creditNoteId', a.credit_note_id)
   from allocation a
   left join payment p on p.organisation_id = a.organisation_id and p.id = a.payment_id
   left join credit_note n on n.organisation_id = a.organisation_id and n.id = a.credit_note_id
   where a.organisation_id = $1 and a.invoice_id = $2`,
  `select a.reversed_at, 22, case when a.payment_id is null then 'credit_note' else 'payment' end, 'taken_back', a.id, a.reversed_at,
     jsonb_build_object('externalId', coalesce(p.external_id, n.external_id), 'amountMinor', a.amount_minor,
                        'currency', coalesce(p.currency, n.currency), 'reason', p.reversal_reason)
   from allocation a
   left join payment p on p.organisation_id = a.organisation_id and p.id = a.payment_id
   left join credit_note n on n.organisation_id = a.organisation_id and n.id = a.credit_note_id
   where a.organisation_id = $1 and a.invoice_id = $2 and a.reversed_at is not null`,
  `select h.effective_at, 30, 'hold', 'placed', h.id, h.recorded_at,
     jsonb_build_object('hold', h.kind, 'reason', h.reason, 'wholeCustomer', h.invoice_id is null, 'expiresAt', h.expires_at)
   from hold h where h.organisation_id = $1 and h.customer_id = $3 and (h.invoice_id is null or h.invoice_id = $2)`,
  `select h.released_at, 31, 'hold', 'released', h.id, h.released_at, jsonb_build_object('hold', h.kind)
   from hold h where h.organisation_id = $1 and h.customer_id = $3 and (h.invoice_id is null or h.invoice_id = $2)
     and h.released_at is not null`,
  `select r.effective_at, 32, 'promise', 'given', r.id, r.recorded_at,
     jsonb_build_object('amountMinor', r.amount_minor, 'currency', r.currency, 'promisedOn', r.promised_on)
   from promise r where r.organisation_id = $1 and r.invoice_id = $2`,
  `select r.cancelled_at, 33, 'promise', 'cancelled', r.id, r.cancelled_at, jsonb_build_object('promisedOn', r.promised_on)
   from promise r where r.organisation_id = $1 and r.invoice_id = $2 and r.cancelled_at is not null`,
  `select r.effective_at, 34, 'plan', 'agreed', r.id, r.recorded_at,
     jsonb_build_object('count', jsonb_array_length(r.parts), 'lastDueOn', r.parts -> -1 ->> 'dueOn')
   from instalment_plan r where r.organisation_id = $1 and r.invoice_id = $2`,
  `select r.cancelled_at, 35, 'plan', 'cancelled', r.id, r.cancelled_at, jsonb_build_object('count', jsonb_array_length(r.parts))
   from instalment_plan r where r.organisation_id = $1 and r.invoice_id = $2 and r.cancelled_at is not null`,
  `select e.enrolled_at, 40, 'enrolment', 'enrolled', e.id, e.recorded_at,
     jsonb_build_object('campaign', c.external_id, 'version', v.number, 'entry', e.entry_rule)
   from enrolment e
   join campaign c on c.organisation_id = e.organisation_id and c.id = e.campaign_id
   join campaign_version v on v.organisation_id = e.organisation_id and v.id = ${FIRST_VERSION}
   where e.organisation_id = $1 and e.invoice_id = $2`,
  `select u.effective_at, 41, 'enrolment', split_part(u.action, '.', 2), u.id, u.recorded_at,
     u.detail || jsonb_build_object('version', v.number)
   from enrolment e
   join audit_event u on u.organisation_id = $1 and u.subject_id = e.id and u.subject_type = 'enrolment'
     and u.action in ('enrolment.moved', 'enrolment.paused', 'enrolment.resumed')
   left join campaign_version v on v.organisation_id = $1 and v.id = (u.detail ->> 'to')::uuid
   where e.organisation_id = $1 and e.invoice_id = $2`,
  // Of the campaign as a whole, while the invoice was in it.
  `select u.effective_at, 41, 'enrolment', replace(u.action, '.', '_'), u.id, u.recorded_at, u.detail
   from enrolment e
   join audit_event u on u.organisation_id = $1 and u.subject_id = e.campaign_id and u.subject_type = 'campaign'
     and u.action in ('campaign.paused', 'campaign.resumed')
     and u.effective_at between e.enrolled_at and coalesce(e.ended_at, 'infinity')
   where e.organisation_id = $1 and e.invoice_id = $2`,
  `select e.ended_at, 90, 'enrolment', 'ended', e.id, e.ended_at, jsonb_build_object('reason', e.ended_reason)
   from enrolment e where e.organisation_id = $1 and e.invoice_id = $2 and e.ended_at is not null`,
  `select t.decided_at, 50, 'attempt', ${ATTEMPT_STATE}, t.id, t.recorded_at,
     jsonb_build_object('stepKey', t.step_key, 'state', ${ATTEMPT_STATE}, 'decision', t.decision, 'medium', t.medium,
       'variantKey', t.variant_key, 'reasons', t.reasons, 'dueAt', t.due_at, 'retryAt', ${RETRY_AT}, 'zone', c.zone,
       'contactId', t.contact_id, 'contact',
       case when o.id is not null then jsonb_build_object('state', o.state, 'outcomeCode', o.outcome_code,
         'provider', o.provider, 'settledAt', o.settled_at) end)
   from attempt t
   join enrolment e on e.organisation_id = t.organisation_id and e.id = t.enrolment_id
   join customer c on c.organisation_id = t.organisation_id and c.id = t.customer_id
   left join contact o on o.organisation_id = t.organisation_id and o.id = t.contact_id
   where t.organisation_id = $1 and t.invoice_id = $2`,
  // A step tells of the message that carried it out; told by themselves are its earlier tries, and answers.
  `select o.decided_at, 60, 'contact', o.state, o.id, o.recorded_at,
     jsonb_build_object('kind', o.kind, 'medium', o.medium, 'state', o.state, 'outcomeCode', o.outcome_code,
                        'provider', o.provider, 'settledAt', o.settled_at)
   from contact o where o.organisation_id = $1 and o.invoice_id = $2
     and not exists (select from attempt t where t.organisation_id = $1 and t.invoice_id = $2
       and t.contact_id = o.id and t.decision in ('sent', 'merged'))`,
  // The first of each kind; what machines did is no news of a person.
  `select min(r.effective_at), 61, 'delivery', r.kind, (array_agg(r.id order by r.effective_at))[1], min(r.recorded_at),
     jsonb_build_object('medium', o.medium, 'contactId', o.id)
   from receipt r join contact o on o.organisation_id = r.organisation_id and o.id = r.contact_id
   where o.organisation_id = $1 and ${IS_ABOUT} and not r.by_machine and r.kind <> 'accepted'
   group by o.organisation_id, o.id, r.kind`,
  // What the customer wrote about this invoice, or about none in particular; not what it said.
  `select m.effective_at, 62, 'message', coalesce(m.reading, 'person'), m.id, m.recorded_at,
     jsonb_build_object('medium', m.medium, 'returnsOn', m.returns_on, 'contactId', m.contact_id)
   from inbound_message m where m.organisation_id = $1 and m.customer_id = $3 and (m.invoice_id is null or m.invoice_id = $2)
     and m.applied_at is not null`,
  `select k.due_at, 70, 'task', 'created', k.id, k.recorded_at,
     jsonb_build_object('kind', k.kind, 'state', 'open', 'stepKey', k.step_key, 'outcome', null)
   from task k where k.organisation_id = $1 and ${TASK_OF_INVOICE}`,
  `select coalesce(k.completed_at, k.wait_until), 71, 'task', k.state, k.id, coalesce(k.completed_at, k.wait_until),
     jsonb_build_object('kind', k.kind, 'state', k.state, 'stepKey', k.step_key, 'outcome', k.outcome, 'detail', k.outcome_detail)
   from task k where k.organisation_id = $1 and ${TASK_OF_INVOICE} and k.state <> 'open'
     and coalesce(k.completed_at, k.wait_until) is not null`,
];

export const TIMELINE = SOURCES.join('\nunion all\n');
