import { INVOICE_CAMPAIGN } from '#contracts/engine.js';
import type { EntryRule } from '#domain/campaign/document.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { initialCursor, runNoOf } from '#domain/planning/cursor.js';
import { waitsForRelease } from '#domain/planning/holding.js';
import { plan, type Plan } from '#domain/planning/plan.js';
import { OUTBOX_CHANNEL } from './announce.js';
import { loadVersion } from './campaigns/load-version.js';
import { type LoadedEnrolment, loadEnrolments } from './load-enrolment.js';
import { askEnrolled } from './facts/double-opt-in.js';
import type { Scope } from './scope.js';
import {
  DECISION,
  decisionsOf,
  DEFERRED_BY,
  DEFERRED_BY_ALL,
  dueDate,
  toWorkflowPlan,
} from './store-plan.js';

export interface EnrolRequest {
  versionId: string;
  invoiceIds: readonly string[];
  /** Overrides the campaign's own rule for invoices enrolled late. */
  entry?: EntryRule;
  /** The rule that enrols them; a person does unless given. */
  ruleId?: string;
}

export interface EnrolResult {
  invoiceId: string;
  result: 'enrolled' | 'already_enrolled' | 'not_open' | 'unknown';
  enrolmentId?: string;
}

interface Candidate {
  invoice_id: string;
  status: string;
  enrolled: boolean;
}

/**
 * Enrols invoices in a published campaign version, at the organisation's now, and plans them in the same
 * transaction: the workflow that the relay starts begins with its plan in hand. Locks their customers, in id order.
 * Meant for chunks of up to some hundreds.
 */
export async function enrolInvoices(
  scope: Scope,
  calendar: WorkingCalendar,
  request: EnrolRequest,
): Promise<EnrolResult[]> {
  const candidates = new Map(
    (await lockCandidates(scope, request.invoiceIds)).map((row) => [row.invoice_id, row]),
  );
  const chosen = request.invoiceIds.filter((id) => {
    const candidate = candidates.get(id);
    return candidate?.status === 'open' && !candidate.enrolled;
  });
  const created =
    chosen.length > 0
      ? await insertEnrolments(scope, request, [...new Set(chosen)])
      : new Map<string, string>();
  if (created.size > 0) await askEnrolled(scope, [...created.values()]);
  await planEnrolled(scope, calendar, request.versionId, [...created.values()]);
  return request.invoiceIds.map((invoiceId) =>
    resultOf(invoiceId, candidates.get(invoiceId), created.get(invoiceId)),
  );
}

function resultOf(
  invoiceId: string,
  candidate: Candidate | undefined,
  enrolmentId: string | undefined,
): EnrolResult {
  if (enrolmentId !== undefined) return { invoiceId, result: 'enrolled', enrolmentId };
  if (!candidate) return { invoiceId, result: 'unknown' };
  return { invoiceId, result: candidate.enrolled ? 'already_enrolled' : 'not_open' };
}

async function lockCandidates(scope: Scope, invoiceIds: readonly string[]): Promise<Candidate[]> {
  await scope.manager.query(
    `select c.id from customer c where c.organisation_id = $1
       and c.id in (select i.customer_id from invoice i where i.organisation_id = $1 and i.id = any ($2::uuid[]))
     order by c.id for update`,
    [scope.organisationId, invoiceIds],
  );
  return scope.manager.query<Candidate[]>(
    `select i.id as invoice_id, i.status, exists (
        select from enrolment e where e.organisation_id = $1 and e.invoice_id = i.id and e.state = 'open') as enrolled
     from invoice i where i.organisation_id = $1 and i.id = any ($2::uuid[])`,
    [scope.organisationId, invoiceIds],
  );
}

/**
 * Versions go on from those of an earlier enrolment of the invoice: its workflow may still be there, and compares. Steps
 * of this campaign that reached somebody then, or may have, stay decided: enrolling again goes on in the last run and never repeats
 * one of its steps.
 */
const INSERT = `
  insert into enrolment (organisation_id, invoice_id, customer_id, campaign_id, version_id, run_no, entry_rule, enrolled_at,
                         cursor, rule_id, facts_version)
  select i.organisation_id, i.id, i.customer_id, v.campaign_id, v.id, r.run_no, coalesce($4, v.document ->> 'entry', 'gentle'), $5,
         $6::jsonb || jsonb_build_object('decided', coalesce((
           select jsonb_object_agg(a.step_key || '#' || a.occurrence, jsonb_build_object(
                    'at', (extract(epoch from a.decided_at) * 1000)::bigint, 'how', 'done'))
           from attempt a where a.organisation_id = $1 and a.invoice_id = i.id and a.campaign_id = v.campaign_id
             and a.run_no = r.run_no and (a.decision = 'task' or (a.decision in ('sent', 'merged') and exists (
               select from contact k where k.organisation_id = $1 and k.id = a.contact_id
                 and k.state in ('attempting', 'accepted', 'unknown'))))), '{}')), $7,
         1 + coalesce((select max(p.facts_version) from enrolment p where p.organisation_id = $1 and p.invoice_id = i.id), 0)
  from invoice i join campaign_version v on v.organisation_id = i.organisation_id and v.id = $2
  cross join lateral (select coalesce(max(p.run_no), 1) as run_no from enrolment p
    where p.organisation_id = $1 and p.invoice_id = i.id and p.campaign_id = v.campaign_id) r
  where i.organisation_id = $1 and i.id = any ($3::uuid[])
  returning id, invoice_id`;

async function insertEnrolments(
  scope: Scope,
  { versionId, entry, ruleId }: EnrolRequest,
  invoiceIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await scope.manager.query<{ id: string; invoice_id: string }[]>(INSERT, [
    scope.organisationId,
    versionId,
    invoiceIds,
    entry ?? null,
    new Date(scope.now),
    JSON.stringify(initialCursor()),
    ruleId ?? null,
  ]);
  return new Map(rows.map((row) => [row.invoice_id, row.id]));
}

interface Planned {
  loaded: LoadedEnrolment;
  planned: Plan;
}

async function planEnrolled(
  scope: Scope,
  calendar: WorkingCalendar,
  versionId: string,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  const { document } = await loadVersion(scope.manager, scope.organisationId, versionId);
  const all = (await loadEnrolments(scope.manager, scope.organisationId, ids, scope.now)).map((loaded) => ({
    loaded,
    planned: plan(loaded.facts, document, loaded.cursor, scope.now, calendar),
  }));
  await storePlans(scope, all);
  await scope.manager.query(TELL, [
    scope.organisationId,
    JSON.stringify(all.map((each) => outboxRow(scope, each))),
  ]);
}

/** Like storing one plan, for many fresh enrolments at once. */
const STORE_ALL = `
  with planned as (
    select * from jsonb_to_recordset($2) as p(id uuid, run int, cursor jsonb, due timestamptz, waits boolean, decisions jsonb, reason text, released boolean)
  ), decided as (
    insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index, run_no,
                         occurrence, due_at, decision, reasons, deferred_by, facts_version, decided_at)
    select $1, e.id, e.invoice_id, e.customer_id, e.campaign_id, s."stepKey", s."stepIndex", coalesce(s."runNo", p.run), s.occurrence,
           to_timestamp(s."dueAt" / 1000.0), s.decision, s.reasons, ${DEFERRED_BY}, c.facts_version, $3
    from planned p
    join enrolment e on e.organisation_id = $1 and e.id = p.id
    join customer c on c.organisation_id = $1 and c.id = e.customer_id,
    jsonb_to_recordset(p.decisions) as s(${DECISION}, "runNo" int)
    on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
      set decision = excluded.decision, reasons = excluded.reasons, facts_version = excluded.facts_version,
          deferred_by = ${DEFERRED_BY_ALL}, decided_at = excluded.decided_at
      where attempt.decision = 'deferred'
  )
  update enrolment e set cursor = p.cursor, run_no = p.run, next_due_at = p.due,
    planned_version = case when p.waits then e.facts_version else 0 end,
    state = case when p.reason is null then 'open' else 'ended' end, ended_reason = p.reason,
    ended_at = case when p.reason is not null then $3::timestamptz end, waits_for_release = p.released
  from planned p where e.organisation_id = $1 and e.id = p.id`;

async function storePlans(scope: Scope, all: readonly Planned[]): Promise<void> {
  const rows = all.map(({ loaded, planned }) => ({
    id: loaded.id,
    run: runNoOf(loaded.facts.runNo, planned.cursor),
    cursor: planned.cursor,
    due: dueDate(planned.next, scope.now),
    waits: planned.next.kind !== 'act',
    decisions: decisionsOf(planned),
    reason: planned.next.kind === 'finished' ? planned.next.reason : null,
    released: waitsForRelease(loaded.facts),
  }));
  await scope.manager.query(STORE_ALL, [scope.organisationId, JSON.stringify(rows), new Date(scope.now)]);
}

const TELL = `
  with told as (
    insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
    select $1, 'invoice/' || $1::uuid || '/' || (r.payload ->> 'invoiceId'), '${INVOICE_CAMPAIGN}', r.payload, r.version
    from jsonb_to_recordset($2) as r(payload jsonb, version int)
    on conflict (organisation_id, workflow_id) do update set version = excluded.version, payload = excluded.payload
    returning 1
  )
  select count(pg_notify('${OUTBOX_CHANNEL}', ''))::int as told from (select from told limit 1) one`;

function outboxRow({ organisationId, kind }: Scope, { loaded, planned }: Planned): Record<string, unknown> {
  const { invoiceId, factsVersion } = loaded;
  const workflowPlan = toWorkflowPlan(planned, factsVersion, kind);
  return { payload: { organisationId, invoiceId, plan: workflowPlan }, version: factsVersion };
}
