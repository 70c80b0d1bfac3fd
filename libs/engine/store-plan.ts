import { PLANNED_CHANNEL } from './announce.js';
import { QUEUE_OF, ENGINE_QUEUE, type WorkflowPlan } from '#contracts/engine.js';
import type { Instant } from '#domain/instant.js';
import { runNoOf } from '#domain/planning/cursor.js';
import { waitsForRelease } from '#domain/planning/holding.js';
import { type EndReason, type Next, type Plan, type StepRef, wakesAt } from '#domain/planning/plan.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { Scope } from './scope.js';
import { emit } from './webhooks/emit.js';

/** The columns of a stored decision, for `jsonb_to_recordset`. */
export const DECISION = `"stepKey" text, "stepIndex" int, occurrence int, "dueAt" bigint, decision text, reasons jsonb`;

interface StoredDecision extends StepRef {
  runNo?: number;
  decision: 'suppressed' | 'deferred';
  reasons: { rule: string; text?: string }[];
}

/** The rules by which decision `s` puts its step off, and those of one that was stored before along with them. */
export const DEFERRED_BY = `case when s.decision = 'deferred'
  then array(select distinct r ->> 'rule' from jsonb_array_elements(s.reasons) r order by 1) else '{}' end`;
export const DEFERRED_BY_ALL = `array(select distinct unnest(attempt.deferred_by || excluded.deferred_by) order by 1)`;

/** What a plan decided about steps that nobody acts on now. */
export const decisionsOf = ({ skips, deferrals }: Pick<Plan, 'skips' | 'deferrals'>): StoredDecision[] => [
  ...skips.map(({ reason, text, ...step }) => ({
    ...step,
    decision: 'suppressed' as const,
    reasons: [{ rule: reason, ...(text !== undefined && { text }) }],
  })),
  ...deferrals.map((step) => ({ ...step, decision: 'deferred' as const })),
];

/**
 * Common table expressions and the statement itself that store a plan, all at once: the steps it decided against or found kept back, the tasks whose time is over (nobody calls about an
 * invoice that is closed), the cursor and what comes next. `planned_version` follows only when nothing is left to act on, so that an enrolment counts as settled
 * only then. The notification is for those who wait for a test organisation's clock.
 *
 * @param when a condition without which nothing is stored and no row comes back
 */
export const storing = (when: string): string => `
  decided as (
    insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index,
                         run_no, occurrence, due_at, decision, reasons, deferred_by, facts_version, decided_at)
    select $1, $2, $3, $4, $5, s."stepKey", s."stepIndex", coalesce(s."runNo", $6), s.occurrence, to_timestamp(s."dueAt" / 1000.0),
           s.decision, s.reasons, ${DEFERRED_BY}, $7, $8
    from jsonb_to_recordset($9) as s(${DECISION}, "runNo" int) where ${when}
    on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
      set decision = excluded.decision, reasons = excluded.reasons, facts_version = excluded.facts_version,
          deferred_by = ${DEFERRED_BY_ALL}, decided_at = excluded.decided_at
      where attempt.enrolment_id = excluded.enrolment_id or attempt.decision = 'deferred'
  ), closed as (
    update task set state = case when id = any ($10::uuid[]) then 'expired' else 'cancelled' end
    where organisation_id = $1 and state = 'open' and ${when}
      and enrolment_id in (select l.id from enrolment l where l.organisation_id = $1 and l.invoice_id = $3)
      and (id = any ($10::uuid[]) or $15 in ('settled', 'cancelled', 'written_off'))
  )
  update enrolment set cursor = $11, run_no = $6, next_due_at = $12,
    planned_version = case when $13 then $14 else planned_version end,
    state = case when $15::text is null then state else 'ended' end,
    ended_reason = coalesce(ended_reason, $15), ended_at = case when $15::text is null then ended_at else coalesce(ended_at, $8) end, waits_for_release = waits_for_release or $17
  where organisation_id = $1 and id = $2 and ${when}
  returning case when $16 then pg_notify('${PLANNED_CHANNEL}', $1::text) is not null end`;

const STORE: Prepared = { name: 'store-plan', text: `with ${storing('true')}` };

/** @param query `queryLast` where nothing follows in this transaction */
export async function storePlan(
  scope: Scope,
  loaded: LoadedEnrolment,
  plan: Plan,
  query: typeof queryPrepared = queryPrepared,
): Promise<WorkflowPlan> {
  const { next } = plan;
  if (next.kind === 'finished' && loaded.state === 'open') await emitEnded(scope, loaded, next.reason);
  await query(scope.manager, STORE, planValues(scope, loaded, plan));
  return toWorkflowPlan(plan, loaded.factsVersion, scope.kind);
}

/** Stores the decisions that came with a plan before its action, so that the loop plans on from them. */
export async function takeOver(scope: Scope, loaded: LoadedEnrolment, planned: Plan): Promise<void> {
  const hasDecided = planned.skips.length > 0 || planned.expiredTasks.length > 0;
  if (hasDecided || planned.cursor !== loaded.cursor) await storePlan(scope, loaded, planned);
  loaded.cursor = planned.cursor;
  loaded.facts.runNo = runNoOf(loaded.facts.runNo, planned.cursor);
  loaded.facts.openTasks = loaded.facts.openTasks.filter(({ id }) => !planned.expiredTasks.includes(id));
}

/** The parameters of {@link storing}, from $1 on. */
export function planValues(
  scope: Pick<Scope, 'organisationId' | 'kind' | 'now'>,
  loaded: LoadedEnrolment,
  plan: Plan,
): unknown[] {
  const { next } = plan;
  return [
    scope.organisationId,
    loaded.id,
    loaded.invoiceId,
    loaded.customerId,
    loaded.campaignId,
    runNoOf(loaded.facts.runNo, plan.cursor),
    loaded.customerVersion,
    new Date(scope.now),
    JSON.stringify(decisionsOf(plan)),
    plan.expiredTasks,
    JSON.stringify(plan.cursor),
    dueDate(next, scope.now),
    next.kind !== 'act',
    loaded.factsVersion,
    next.kind === 'finished' ? next.reason : null,
    scope.kind === 'test',
    waitsForRelease(loaded.facts),
  ];
}

const emitEnded = (scope: Scope, { id, invoiceId }: LoadedEnrolment, reason: EndReason): Promise<void> =>
  emit(scope, { type: 'enrolment.ended', subjectId: invoiceId, data: { enrolmentId: id, reason } });

export function dueDate(next: Next, now: Instant): Date | null {
  if (next.kind === 'act') return new Date(now);
  const at = wakesBy(next);
  return at === null ? null : new Date(at);
}

const wakesBy = (next: Exclude<Next, { kind: 'act' }>): Instant | null =>
  next.kind === 'wait' ? wakesAt(next) : null;

/** What the workflow needs to know of it. A test organisation's workflow waits for its clock, which is a fact. */
export function toWorkflowPlan(
  { next, putOff }: Pick<Plan, 'next' | 'putOff'>,
  version: number,
  kind: 'live' | 'test',
): WorkflowPlan {
  const waiting = (until: Instant | null, queue: string): WorkflowPlan => ({
    kind: 'wait',
    until: kind === 'test' ? null : until,
    queue,
    version,
  });
  if (putOff && next.kind !== 'act' && putOff.at < (wakesBy(next) ?? Infinity))
    return waiting(putOff.at, QUEUE_OF[putOff.medium]);
  switch (next.kind) {
    case 'finished':
      return { kind: 'finished', version };
    case 'wait': {
      const queue = next.medium && next.recordAt === undefined ? QUEUE_OF[next.medium] : ENGINE_QUEUE;
      return waiting(wakesAt(next), queue);
    }
    case 'act':
      return {
        kind: 'act',
        queue: 'medium' in next.action ? QUEUE_OF[next.action.medium] : ENGINE_QUEUE,
        version,
      };
  }
}
