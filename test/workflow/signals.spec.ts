import { jest } from '@jest/globals';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { historyHas, Standstill } from '#test/support/standstill.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;
const standstill = new Standstill();

beforeAll(async () => {
  engine = await TestEngine.start({ activities: standstill.wrap });
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const HOUR = ladder(['PT1H']);
const SIGNALLED = 'workflowExecutionSignaledEventAttributes';
const STEP_ENDED = 'activityTaskCompletedEventAttributes';

/** Enrols, and has `work` done after the first step's outcome while no workflow task can be taken. */
const whileStanding = async (work: (debtor: Debtor) => Promise<void>): Promise<Debtor> => {
  const [versionId, debtor] = [await organisation.publish(HOUR), await organisation.debtor()];
  await standstill.during(
    engine,
    () => organisation.enrol(versionId, debtor),
    () => work(debtor),
  );
  return debtor;
};

describe('a signal and the end of a step in one workflow task', () => {
  it('does not lose a payment that was signalled before the step ended', async () => {
    const debtor = await whileStanding(async (paying) => {
      await organisation.pay(paying);
      await historyHas(engine, organisation.id, paying, SIGNALLED);
    });
    await historyHas(engine, organisation.id, debtor, STEP_ENDED);
    await engine.startWorkers();
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  });

  it('does not lose a payment that was signalled after the step ended', async () => {
    const debtor = await whileStanding(() => Promise.resolve());
    await historyHas(engine, organisation.id, debtor, STEP_ENDED);
    await organisation.pay(debtor);
    await historyHas(engine, organisation.id, debtor, SIGNALLED);
    await engine.startWorkers();
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  });

  it('does not mistake a payment that the step had planned from for a new one', async () => {
    const [versionId, debtor] = [await organisation.publish(HOUR), await organisation.debtor()];
    engine.outside.to(debtor.email, async ({ contactId }) => {
      await organisation.pay(debtor, '40.00');
      return { kind: 'accepted', providerId: contactId };
    });
    await organisation.enrol(versionId, debtor);
    await organisation.atRest(debtor);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'open', planned_version: 2 });
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  });
});

describe('facts that come while a message is being sent', () => {
  it('end the outreach when they settle it, whatever the order in which they arrive', async () => {
    const versionId = await organisation.publish(HOUR);
    const debtors = await Promise.all(Array.from({ length: 20 }, () => organisation.debtor()));
    for (const debtor of debtors) {
      engine.outside.to(debtor.email, async ({ contactId }) => {
        await organisation.pay(debtor);
        return { kind: 'accepted', providerId: contactId };
      });
    }
    for (const debtor of debtors) await organisation.enrol(versionId, debtor);
    await Promise.all(debtors.map((debtor) => organisation.finished(debtor)));
    for (const debtor of debtors) {
      await organisation.atRest(debtor);
      expect(await organisation.states(debtor)).toEqual(['accepted']);
      expect(await organisation.enrolment(debtor)).toMatchObject({ ended_reason: 'settled' });
    }
  });

  it('change what the next message says', async () => {
    const debtor = await organisation.debtor();
    engine.outside.to(
      debtor.email,
      async ({ contactId }) => {
        await organisation.pay(debtor, '40.00');
        return { kind: 'accepted', providerId: contactId };
      },
      { kind: 'accepted', providerId: 'second' },
    );
    await organisation.enrol(await organisation.publish(ladder(['PT1S'])), debtor);
    await organisation.settled(debtor, 2);
    await organisation.finished(debtor);
    const [, second] = await organisation.contacts(debtor);
    expect(second?.snapshot.text).toContain('60.00');
  });
});
