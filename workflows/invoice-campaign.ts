import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type EngineActivities,
  type EnrolmentRef,
  FACTS_CHANGED,
  type InvoiceCampaignInput,
  STATUS,
  STEP_TIMEOUT_MS,
  type WorkflowPlan,
} from '#contracts/engine.js';
import { Alarm } from './alarm.js';

export const factsChanged = defineSignal<[version: number]>(FACTS_CHANGED);
export const status = defineQuery<WorkflowPlan | null>(STATUS);

const { planEnrolment } = proxyLocalActivities<EngineActivities>({
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 minute' },
});

/** One call is never cut short: its timeout is longer than the lease of the contact it writes. */
const stepOn = (taskQueue: string, { organisationId }: EnrolmentRef): EngineActivities['executeStep'] =>
  proxyActivities<EngineActivities>({
    taskQueue,
    // Each organisation has its turn, however much another has waiting.
    priority: { fairnessKey: organisationId },
    startToCloseTimeout: STEP_TIMEOUT_MS,
    retry: { initialInterval: '1 second', maximumInterval: '2 minutes' },
  }).executeStep;

/**
 * Walks one invoice through its campaign until there is nothing left to do: asks for the plan, waits for its moment
 * or for the facts to change, acts, asks again. Facts and plan live in the database; this only waits.
 */
export async function invoiceCampaign({ plan: made, ...ref }: InvoiceCampaignInput): Promise<void> {
  let told = made?.version ?? 0;
  let known = 0;
  let plan: WorkflowPlan | null = made ?? null;
  const alarm = new Alarm();
  const changed = (): boolean => told > known;
  setHandler(factsChanged, (version) => {
    told = Math.max(told, version);
    if (changed()) alarm.ring();
  });
  setHandler(status, () => plan);
  for (;;) {
    known = plan?.version ?? 0;
    if (!plan) {
      const heard = told;
      plan = await planEnrolment(ref, Date.now());
      known = Math.max(heard, plan.version);
    }
    if (plan.kind === 'wait' && !changed()) {
      if (plan.until === null) await condition(changed);
      else await alarm.sleep(Math.max(1, plan.until - Date.now()));
    }
    if (changed()) plan = null;
    else if (plan.kind === 'finished') break;
    else plan = await stepOn(plan.queue, ref)(ref, Date.now());
    if (workflowInfo().continueAsNewSuggested)
      await startAfresh(ref, plan && plan.version >= told ? plan : null);
  }
  await condition(allHandlersFinished);
}

/** Goes on in a new run with an empty history; a plan that facts have overtaken is made anew there. */
async function startAfresh(ref: EnrolmentRef, plan: WorkflowPlan | null): Promise<void> {
  await condition(allHandlersFinished);
  await continueAsNew<typeof invoiceCampaign>(plan ? { ...ref, plan } : ref);
}
