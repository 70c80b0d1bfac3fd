import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

/**
 * Records what workflows of today do, for the workflow code of tomorrow to replay. Run it for a release, with the
 * addresses of test servers in the environment (see workflows/histories/README.md), and commit what it writes.
 */
const folder = fileURLToPath(new URL('../../../workflows/histories', import.meta.url));
const release = process.argv[2] ?? 'unreleased';

const engine = await TestEngine.start();

async function keep(name: string, organisation: TestOrganisation, debtor: Debtor): Promise<void> {
  const history = await organisation.workflow(debtor).fetchHistory();
  writeFileSync(join(folder, `${release}-${name}.json`), historyToJSON(history));
  console.error(`${name}: ${history.events?.length} events`);
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

  const test = await engine.organisation(new Date());
  await keep('clock-of-its-own', test, await walk(test, ladder(['P1D']), 1));
} finally {
  await engine.close();
}
