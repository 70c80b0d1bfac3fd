import { PLANNED_CHANNEL } from './announce.js';
import { QUEUE_OF, ENGINE_QUEUE, type WorkflowPlan } from '#contracts/engine.js';
import type { Instant } from '#domain/instant.js';
import type { EndReason, Next, Plan } from '#domain/planning/plan.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { Scope } from './scope.js';
import { emit } from './webhooks/emit.js';

/**
 * Stores a plan in one statement: the steps it decided against, the tasks whose time is over (nobody calls about an
 * invoice that is closed), the cursor and what comes next. `planned_version` follows only when nothing is left to act on, so that an enrolment counts as settled
 * only then. The notification is for those who wait for a test organisation's clock.
 */
const STORE: Prepared = {
  name: 'store-plan',
  text: `
  with skipped as (
    insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index,
                         run_no, occurrence, due_at, decision, reasons, facts_version, decided_at)
    select $1, $2, $3, $4, $5, s."stepKey", s."stepIndex", $6, s.occurrence, to_timestamp(s."dueAt" / 1000.0),
           'suppressed', jsonb_build_array(jsonb_build_object('rule', s.reason)), $7, $8
    from jsonb_to_recordset($9) as s("stepKey" text, "stepIndex" int, occurrence int, "dueAt" bigint, reason text)
    on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
      set decision = 'suppressed', reasons = excluded.reasons, facts_version = excluded.facts_version,
          decided_at = excluded.decided_at
      where attempt.enrolment_id = excluded.enrolment_id or attempt.decision = 'deferred'
  ), closed as (
    update task set state = case when id = any ($10::uuid[]) then 'expired' else 'cancelled' end
    where organisation_id = $1 and enrolment_id = $2 and state = 'open'
      and (id = any ($10::uuid[]) or $15 in ('settled', 'cancelled', 'written_off'))
  )
  update enrolment set cursor = $11, next_due_at = $12,
    planned_version = case when $13 then $14 else planned_version end,
    state = case when $15::text is null then state else 'ended' end,
    ended_reason = coalesce(ended_reason, $15), ended_at = case when $15::text is null then ended_at else coalesce(ended_at, $8) end
  where organisation_id = $1 and id = $2
  returning case when $16 then pg_notify('${PLANNED_CHANNEL}', $1::text) is not null end`,
};

export async function storePlan(scope: Scope, loaded: LoadedEnrolment, plan: Plan): Promise<WorkflowPlan> {
  const { next } = plan;
  if (next.kind === 'finished' && loaded.state === 'open') await emitEnded(scope, loaded, next.reason);
  await queryPrepared(scope.manager, STORE, [
    scope.organisationId,
    loaded.id,
    loaded.invoiceId,
    loaded.customerId,
    loaded.campaignId,
    loaded.facts.runNo,
    loaded.customerVersion,
    new Date(scope.now),
    JSON.stringify(plan.skips),
    plan.expiredTasks,
    JSON.stringify(plan.cursor),
    dueDate(next, scope.now),
    next.kind !== 'act',
    loaded.factsVersion,
    next.kind === 'finished' ? next.reason : null,
    scope.kind === 'test',
  ]);
  return toWorkflowPlan(next, loaded.factsVersion, scope.kind);
}

const emitEnded = (scope: Scope, { id, invoiceId }: LoadedEnrolment, reason: EndReason): Promise<void> =>
  emit(scope, { type: 'enrolment.ended', subjectId: invoiceId, data: { enrolmentId: id, reason } });

export function dueDate(next: Next, now: Instant): Date | null {
  if (next.kind === 'act') return new Date(now);
  return next.kind === 'wait' && next.until !== null ? new Date(next.until) : null;
}

/** What the workflow needs to know of it. A test organisation's workflow waits for its clock, which is a fact. */
export function toWorkflowPlan(next: Next, version: number, kind: 'live' | 'test'): WorkflowPlan {
  switch (next.kind) {
    case 'finished':
      return { kind: 'finished', version };
    case 'wait': {
      const queue = next.medium ? QUEUE_OF[next.medium] : ENGINE_QUEUE;
      return { kind: 'wait', until: kind === 'test' ? null : next.until, queue, version };
    }
    case 'act':
      return {
        kind: 'act',
        queue: 'medium' in next.action ? QUEUE_OF[next.action.medium] : ENGINE_QUEUE,
        version,
      };
  }
}
