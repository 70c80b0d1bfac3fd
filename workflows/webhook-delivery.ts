import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  FACTS_CHANGED,
  WEBHOOK_QUEUE,
  type WebhookActivities,
  type WebhookDeliveryInput,
} from '#contracts/engine.js';

const { deliverNext } = proxyActivities<WebhookActivities>({
  taskQueue: WEBHOOK_QUEUE,
  startToCloseTimeout: '30s',
  // The activity names the delay that fits the event's tries; this one is for when it cannot even read them.
  retry: { initialInterval: '5s', backoffCoefficient: 3, maximumInterval: '1h' },
});

const factsChanged = defineSignal<[version: number]>(FACTS_CHANGED);

/**
 * Delivers the events of one subject to one endpoint, the oldest first, each until it is taken or given up: what
 * comes later waits, so the receiver sees them in order. Ends when nothing waits; the next event starts it again.
 */
export async function webhookDelivery(input: WebhookDeliveryInput): Promise<void> {
  let told = 0;
  setHandler(factsChanged, () => void (told += 1));
  for (let seen = -1; seen !== told;) {
    seen = told;
    while ((await deliverNext(input)) !== 'empty') {
      if (workflowInfo().continueAsNewSuggested) {
        await condition(allHandlersFinished);
        await continueAsNew<typeof webhookDelivery>(input);
      }
    }
  }
}
