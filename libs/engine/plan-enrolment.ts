import { ENGINE_QUEUE, type EnrolmentRef, type WorkflowPlan } from '#contracts/engine.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import type { Instant } from '#domain/instant.js';
import { endReason, plan, planAnswers, type Plan } from '#domain/planning/plan.js';
import { loadVersion } from './campaigns/load-version.js';
import type { EngineDeps } from './deps.js';
import { type LoadedEnrolment, loadEnrolmentOf } from './load-enrolment.js';
import { withLockedInvoice } from './lock-invoice.js';
import type { Scope } from './scope.js';
import { queryLast } from '#store/prepared.js';
import { storePlan } from './store-plan.js';

/** What a workflow does whose enrolment is not there (any more). */
const NOTHING_TO_DO: WorkflowPlan = { kind: 'finished', version: 0 };

/** Plans an enrolment anew from its facts and stores the plan; the workflow calls it when facts changed. */
export async function planEnrolment(
  deps: EngineDeps,
  ref: EnrolmentRef,
  now: Instant,
): Promise<WorkflowPlan> {
  const planned = await withLockedInvoice(
    deps.dataSource,
    ref,
    now,
    (manager, live) => loadEnrolmentOf(manager, ref.organisationId, ref.invoiceId, live),
    async (scope, loaded) => {
      if (!loaded) return NOTHING_TO_DO;
      if (loaded.attempting)
        return { kind: 'act', queue: ENGINE_QUEUE, version: loaded.factsVersion } as const;
      return storePlan(scope, loaded, await planOf(deps, scope, loaded), queryLast);
    },
  );
  return planned ?? NOTHING_TO_DO;
}

/** The plan of a loaded enrolment. One that has ended sends nothing any more but the answers somebody asked for. */
export async function planOf(deps: EngineDeps, scope: Scope, loaded: LoadedEnrolment): Promise<Plan> {
  const { document } = await loadVersion(scope.manager, scope.organisationId, loaded.versionId);
  return planBy(deps, document, loaded, scope.now);
}

/** The same by a document that is known already. */
export function planBy(
  deps: EngineDeps,
  document: CampaignDocument,
  loaded: LoadedEnrolment,
  now: Instant,
): Plan {
  if (loaded.state === 'ended') {
    const { action, putOff } = planAnswers(loaded.facts, now);
    return {
      next: action
        ? { kind: 'act', action }
        : { kind: 'finished', reason: endReason(loaded.facts) ?? 'exhausted' },
      skips: [],
      deferrals: [],
      expiredTasks: [],
      cursor: loaded.cursor,
      putOff,
    };
  }
  return plan(loaded.facts, document, loaded.cursor, now, deps.calendar);
}
