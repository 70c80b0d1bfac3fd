import type { EngineActivities } from '#contracts/engine.js';
import type { TestEngine } from './engine.js';
import type { Debtor } from './engine-organisation.js';
import { eventually } from './eventually.js';

/**
 * Brings about what chance brings about rarely: facts that reach a workflow in the same task as the end of a step. Give
 * `wrap` to the engine as its `activities`.
 */
export class Standstill {
  private between: (() => Promise<void>) | undefined;

  readonly wrap = (own: EngineActivities): EngineActivities => ({
    ...own,
    executeStep: async (ref, now) => {
      const plan = await own.executeStep(ref, now);
      const work = this.between;
      this.between = undefined;
      await work?.();
      return plan;
    },
  });

  /**
   * Runs `begin`, which makes a step due, and `work` when its outcome is stored and Temporal has not heard of it; from
   * then on no workflow task is taken until workers are started again.
   */
  async during(engine: TestEngine, begin: () => Promise<void>, work: () => Promise<void>): Promise<void> {
    const stood = new Promise<void>((resolve, reject) => {
      this.between = async () => {
        await engine.stopWorkflows();
        await work().then(resolve, reject);
      };
    });
    await begin();
    await stood;
  }
}

type Attributes =
  | 'workflowExecutionSignaledEventAttributes'
  | 'activityTaskScheduledEventAttributes'
  | 'activityTaskCompletedEventAttributes';

/** Waits until the history of an invoice's workflow has such an event. */
export const historyHas = (
  { temporal }: TestEngine,
  organisationId: string,
  { invoiceId }: Debtor,
  attributes: Attributes,
): Promise<void> =>
  eventually(async () => {
    const handle = temporal.client.workflow.getHandle(`invoice/${organisationId}/${invoiceId}`);
    const { events } = await handle.fetchHistory();
    if (!events?.some((event) => event[attributes])) throw new Error(`The history has no ${attributes} yet.`);
  });
