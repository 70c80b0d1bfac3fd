import { invoiceWorkflowId } from '#contracts/engine.js';
import { seedCampaign, seedInvoices, seedOrganisation } from '#test/support/seed.js';
import { during } from './bench-process.js';
import type { BenchStack } from './bench-stack.js';
import { enrolAll, inDays, ladderOfSeconds, today } from './measure.js';
import { type Figures, rounded } from './rounds.js';

const STEPS = 8;

/** Events and bytes that one sent step adds to a history: a ladder's, less those of start and end. */
export const historyOfSteps = (stack: BenchStack): Promise<Figures> =>
  during([stack.startKindly], () => historyOfLadder(stack));

async function historyOfLadder(stack: BenchStack): Promise<Figures> {
  const organisationId = await seedOrganisation(stack);
  const versionId = await seedCampaign(
    stack.app,
    organisationId,
    ladderOfSeconds({ workflows: 1, steps: STEPS, waitMs: 1000 }),
  );
  const ids = await seedInvoices(stack.app, organisationId, {
    prefix: 'history',
    count: 1,
    issuedOn: today(),
    dueOn: inDays(30),
  });
  await enrolAll(stack, organisationId, versionId, ids);
  const handle = stack.temporal.workflow.getHandle(invoiceWorkflowId(organisationId, ids[0] ?? ''));
  await ended(() => handle.result());
  const { historyLength, historySize } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const first = events?.[0]?.workflowExecutionStartedEventAttributes ? 1 : 0;
  return {
    historyEventsPerStep: rounded((historyLength - first - 1) / STEPS),
    historyBytesPerStep: Math.round((historySize ?? 0) / STEPS),
  };
}

/** The relay may not have started the workflow yet. */
async function ended(result: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await result();
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
