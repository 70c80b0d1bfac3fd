import { defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import {
  type ContactReconciliationInput,
  FACTS_CHANGED,
  RECONCILE_QUEUE,
  type ReconcileActivities,
} from '#contracts/engine.js';
import { LOOKS_MS } from '#domain/reconciliation.js';

const { reconcile } = proxyActivities<ReconcileActivities>({
  taskQueue: RECONCILE_QUEUE,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes' },
});

const factsChanged = defineSignal<[version: number]>(FACTS_CHANGED);

/** Looks again and again, at longer and longer distances, what became of a message that may have gone out. */
export async function contactReconciliation({
  looksMs = LOOKS_MS,
  ...ref
}: ContactReconciliationInput): Promise<void> {
  // The relay starts every workflow by a signal; this one needs to hear nothing more.
  setHandler(factsChanged, () => undefined);
  for (const [index, wait] of looksMs.entries()) {
    await sleep(wait);
    if ((await reconcile(ref, index === looksMs.length - 1)) === 'settled') return;
  }
}
