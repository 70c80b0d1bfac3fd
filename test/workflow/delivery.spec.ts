import { jest } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { TestEngine } from '#test/support/engine.js';
import { ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start({ relay: false });
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

/** A connection on which every call is made and its answer never comes back. */
const deafClient = (client: Client): Client => {
  const { workflow } = client;
  const died = () => Promise.reject(new Error('the relay died'));
  return {
    workflow: {
      start: (...args: Parameters<typeof workflow.start>) => workflow.start(...args).then(died),
      signalWithStart: (...args: Parameters<typeof workflow.signalWithStart>) =>
        workflow.signalWithStart(...args).then(died),
    },
    withDeadline: (deadline: number, work: () => Promise<unknown>) => client.withDeadline(deadline, work),
  } as never;
};

/** Lets the rows that a dead relay had claimed be claimed again, as time would. */
const forgetClaims = () => engine.own.system.query('update outbox set claimed_until = null');

const waiting = async (): Promise<number> => {
  const [row] = await organisation.rows<{ n: number }>('select count(*) as n from outbox');
  return Number(row?.n);
};

describe('a relay that dies between delivering and forgetting', () => {
  it('delivers twice, and nothing is done twice', async () => {
    const debtor = await organisation.outreach(ladder(['PT1S']));
    const deaf = engine.anotherRelay(deafClient(engine.temporal.client));
    await expect(deaf.deliverBatch()).rejects.toThrow('the relay died');
    await organisation.settled(debtor, 1);
    expect(await waiting()).toBe(1);
    await forgetClaims();
    expect(await engine.relay.deliverBatch()).toBe(1);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
    expect(await waiting()).toBe(0);
  });

  it('starts a workflow anew that had come to its end, which finds nothing to do', async () => {
    const debtor = await organisation.outreach(ladder([]));
    const deaf = engine.anotherRelay(deafClient(engine.temporal.client));
    await expect(deaf.deliverBatch()).rejects.toThrow('the relay died');
    await organisation.finished(debtor);
    const first = (await organisation.workflow(debtor).describe()).runId;
    await forgetClaims();
    await engine.relay.deliverBatch();
    expect((await organisation.workflow(debtor).describe()).runId).not.toBe(first);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  });

  it('signals a payment twice, and the workflow ends once', async () => {
    const debtor = await organisation.outreach(ladder(['PT1H']));
    await engine.relay.deliverBatch();
    await organisation.settled(debtor, 1);
    await organisation.pay(debtor);
    const deaf = engine.anotherRelay(deafClient(engine.temporal.client));
    await expect(deaf.deliverBatch()).rejects.toThrow('the relay died');
    await organisation.finished(debtor);
    await forgetClaims();
    await engine.relay.deliverBatch();
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'settled' });
  });
});

describe('two relays at once', () => {
  it('share the work, and each enrolment is started once', async () => {
    const versionId = await organisation.publish(ladder([]));
    const debtors = await Promise.all(Array.from({ length: 30 }, () => organisation.debtor()));
    for (const debtor of debtors) await organisation.enrol(versionId, debtor);
    const relays = [engine.relay, engine.anotherRelay(), engine.anotherRelay()];
    const delivered = await Promise.all(relays.map((relay) => relay.deliverBatch()));
    expect(delivered.reduce((sum, each) => sum + each, 0)).toBe(debtors.length);
    await Promise.all(debtors.map((debtor) => organisation.finished(debtor)));
    for (const debtor of debtors) expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(await waiting()).toBe(0);
  });
});
