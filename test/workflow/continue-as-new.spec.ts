import { jest } from '@jest/globals';
import { TestEngine } from '#test/support/engine.js';
import { historyHas, Standstill } from '#test/support/standstill.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

/** Temporal suggests a fresh start after thousands of events; here one is due after about two steps. */
const EVENTS_A_RUN = 25;

let engine: TestEngine;
let organisation: TestOrganisation;
const standstill = new Standstill();

beforeAll(async () => {
  engine = await TestEngine.start({
    activities: standstill.wrap,
    workflowCode: (code) => {
      const patched = code.replace(
        /(\([^()]*\(?[^()]*workflowInfo\)\(\))\.continueAsNewSuggested/g,
        `($1.historyLength > ${EVENTS_A_RUN})`,
      );
      if (patched === code) throw new Error('The bundle does not ask whether to continue as new.');
      return patched;
    },
  });
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const runsOf = async ({ invoiceId }: Debtor): Promise<string[]> => {
  const runs: string[] = [];
  const query = `WorkflowId = "invoice/${organisation.id}/${invoiceId}"`;
  for await (const { status } of engine.temporal.client.workflow.list({ query })) runs.push(status.name);
  return runs;
};

describe('a workflow whose history grows long', () => {
  it('goes on in a fresh one and neither loses nor repeats a step', async () => {
    const debtor = await organisation.outreach(ladder(['PT1S', 'PT1S', 'PT1S', 'PT1S', 'PT1S']));
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(Array.from({ length: 6 }, () => 'accepted'));
    expect((await organisation.attempts(debtor)).map(({ step_key }) => step_key)).toEqual([
      'step-0',
      'step-1',
      'step-2',
      'step-3',
      'step-4',
      'step-5',
    ]);
    // Temporal's list lags behind what happened.
    expect(
      (await runsOf(debtor)).filter((name) => name === 'CONTINUED_AS_NEW').length,
    ).toBeGreaterThanOrEqual(2);
  });

  it('hears every fact that comes while it begins afresh', async () => {
    const debtor = await organisation.outreach(ladder(['PT1H']));
    await organisation.settled(debtor, 1);
    for (let cents = 1; cents <= 25; cents += 1)
      await organisation.pay(debtor, `0.${String(cents).padStart(2, '0')}`);
    await organisation.atRest(debtor);
    await organisation.pay(debtor, '96.75');
    await organisation.finished(debtor);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'settled' });
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(
      (await runsOf(debtor)).filter((name) => name === 'CONTINUED_AS_NEW').length,
    ).toBeGreaterThanOrEqual(1);
  });

  it('takes no plan along that a fact has overtaken', async () => {
    const debtor = await organisation.outreach(ladder(['PT1S', 'PT1S', 'PT1H']));
    await organisation.settled(debtor, 2);
    // The third step ends beyond the limit; a payment comes with its end.
    await standstill.during(
      engine,
      () => Promise.resolve(),
      async () => {
        await organisation.pay(debtor);
        await historyHas(engine, organisation.id, debtor, 'workflowExecutionSignaledEventAttributes');
      },
    );
    await engine.startWorkers();
    await organisation.finished(debtor);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'settled' });
    expect((await runsOf(debtor)).filter((name) => name === 'CONTINUED_AS_NEW')).toHaveLength(1);
  });
});
