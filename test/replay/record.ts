import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { advanceClock } from '#engine/clock/advance.js';
import { TestEngine } from '#test/support/engine.js';
import { eventually } from '#test/support/eventually.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

/**
 * Records what workflows of today do, for the workflow code of tomorrow to replay. Run it for a release, with the
 * addresses of test servers in the environment (see workflows/histories/README.md), and commit what it writes.
 */
const folder = fileURLToPath(new URL('../../../workflows/histories', import.meta.url));
const release = process.argv[2] ?? 'unreleased';

const engine = await TestEngine.start();

/** @param runId the latest run unless given */
async function keep(
  name: string,
  organisation: TestOrganisation,
  debtor: Debtor,
  runId?: string,
): Promise<void> {
  const { workflowId } = organisation.workflow(debtor);
  const history = await engine.temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  writeFileSync(join(folder, `${release}-${name}.json`), historyToJSON(history));
  console.error(`${name}: ${history.events?.length} events`);
}

/** The run that ended by continuing as new. */
async function firstRun(organisation: TestOrganisation, debtor: Debtor): Promise<string> {
  const { workflowId } = organisation.workflow(debtor);
  const query = `WorkflowId = "${workflowId}" and ExecutionStatus = "ContinuedAsNew"`;
  let runId: string | undefined;
  await eventually(async () => {
    for await (const run of engine.temporal.client.workflow.list({ query })) runId = run.runId;
    if (runId === undefined) {
      const option = '--dynamic-config-value limit.historyCount.suggestContinueAsNew=40';
      throw new Error(`No workflow began afresh. Start the Temporal server with ${option}.`);
    }
  });
  return runId ?? '';
}

/** A ladder on the clock, walked until so many messages have gone out. */
async function walk(
  organisation: TestOrganisation,
  campaign: ReturnType<typeof ladder>,
  messages: number,
): Promise<Debtor> {
  const debtor = await organisation.outreach(campaign);
  await organisation.settled(debtor, messages);
  await organisation.atRest(debtor);
  return debtor;
}

try {
  mkdirSync(folder, { recursive: true });
  const live = await engine.organisation();
  const steps = await walk(live, ladder(['PT1S', 'PT1S']), 3);
  await live.workflow(steps).result();
  await keep('steps-to-the-end', live, steps);

  const paid = await walk(live, ladder(['PT1H']), 1);
  const payment = await live.pay(paid);
  await live.workflow(paid).result();
  await keep('paid-while-waiting', live, paid);
  await live.reverse(payment);
  await live.atRest(paid);
  await keep('back-after-reversal', live, paid);

  engine.outside.next({ kind: 'rejected', code: '21610', addressIsBad: true });
  const fallback = await walk(live, ladder(['PT1H'], { send: ['sms', 'email'] }), 2);
  await keep('fallback', live, fallback);

  const long = await walk(live, ladder(['PT1S', 'PT1S', 'PT1S', 'PT1S', 'PT1S']), 6);
  await live.workflow(long).result();
  await keep('begins-afresh', live, long, await firstRun(live, long));

  const clock = new Date();
  const test = await engine.organisation(clock);
  const advanced = await walk(test, ladder(['P1D']), 1);
  const { calendar } = engine.deps;
  const deps = { dataSource: engine.own.app, appUrl: engine.database.appUrl, calendar };
  await advanceClock(deps, test.id, clock.getTime() + 3 * 86_400_000, 60_000);
  await test.workflow(advanced).result();
  await keep('clock-of-its-own', test, advanced);
} finally {
  await engine.close();
}
