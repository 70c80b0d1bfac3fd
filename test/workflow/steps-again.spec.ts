import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import type { WorkflowPlan } from '#contracts/engine.js';
import { endEnrolment } from '#engine/campaigns/index.js';
import { executeStep } from '#engine/execute-step.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

/** Steps executed by hand, in orders that Temporal brings about only when processes stop in the middle. */
let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start({
    relay: false,
    timing: { providerTimeoutMs: 200, leaseMs: 600, graceMs: 0 },
  });
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const step = ({ invoiceId }: Debtor, deps = engine.deps): Promise<WorkflowPlan> =>
  executeStep(deps, { organisationId: organisation.id, invoiceId }, Date.now());

/** Executes what is due, waiting where the plan says so. */
const stepsUntilAsleep = async (debtor: Debtor): Promise<WorkflowPlan> => {
  for (;;) {
    const plan = await step(debtor);
    if (plan.kind === 'finished') return plan;
    if (plan.kind === 'act') continue;
    if (plan.until === null || plan.until - Date.now() > 60_000) return plan;
    await sleep(plan.until - Date.now());
  }
};

const accepted = (providerId: string): Outcome => ({ kind: 'accepted', providerId });

/** A call that answers when told to. */
const slowCall = async (debtor: Debtor) => {
  let answer: (outcome: Outcome) => void = () => undefined;
  const answered = new Promise<Outcome>((resolve) => (answer = resolve));
  let running: Promise<WorkflowPlan> | undefined;
  await new Promise<void>((called) => {
    engine.outside.next(async () => {
      called();
      return answered;
    });
    running = step(debtor);
  });
  return async (outcome: Outcome): Promise<void> => {
    answer(outcome);
    await running;
  };
};

const callsTo = ({ email }: Debtor): number =>
  engine.outside.calls.filter(({ to }) => to.address === email).length;

describe('a call that comes back after its lease', () => {
  it('is recorded as what it was, and the ladder that went on without it is not set back', async () => {
    const debtor = await organisation.outreach(ladder(['PT1S', 'PT1H']));
    const answer = await slowCall(debtor);
    await stepsUntilAsleep(debtor);
    expect(await organisation.states(debtor)).toEqual(['unknown', 'accepted']);
    await answer(accepted('late'));
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
    await stepsUntilAsleep(debtor);
    expect(callsTo(debtor)).toBe(2);
    expect(Number((await organisation.enrolment(debtor)).next_due_at)).toBeGreaterThan(
      Date.now() + 3_000_000,
    );
  });

  it('is followed by the next channel when it was refused, though nobody waited for it any more', async () => {
    const debtor = await organisation.outreach(ladder(['PT1H'], { send: ['email', 'sms'] }));
    const answer = await slowCall(debtor);
    await stepsUntilAsleep(debtor);
    await answer({ kind: 'rejected', code: '550', addressIsBad: false });
    await stepsUntilAsleep(debtor);
    expect(await organisation.states(debtor)).toEqual(['rejected', 'accepted']);
  });

  it('is left alone when it was refused and a later step went out meanwhile', async () => {
    const debtor = await organisation.outreach(ladder(['PT1S', 'PT1H'], { send: ['email', 'sms'] }));
    const answer = await slowCall(debtor);
    await stepsUntilAsleep(debtor);
    await answer({ kind: 'rejected', code: '550', addressIsBad: false });
    await stepsUntilAsleep(debtor);
    expect(await organisation.states(debtor)).toEqual(['rejected', 'accepted']);
    expect(callsTo(debtor)).toBe(2);
  });
});

describe('a call that could outlast its lease', () => {
  it('is not begun, and is tried again later', async () => {
    const debtor = await organisation.outreach(ladder([]));
    const timing = { providerTimeoutMs: 2_000, leaseMs: 1_000, graceMs: 0, stopSeenMs: 250 };
    await step(debtor, { ...engine.deps, timing });
    expect(callsTo(debtor)).toBe(0);
    expect(await organisation.states(debtor)).toEqual(['not_reached']);
    expect(Number((await organisation.enrolment(debtor)).next_due_at)).toBeGreaterThan(Date.now());
  });
});

describe('an invoice that is enrolled again', () => {
  const endByHand = async (debtor: Debtor): Promise<void> => {
    const { id } = await organisation.enrolment(debtor);
    await organisation.run((scope) => endEnrolment(scope, id, null));
  };

  it('goes on in the same campaign where it left off', async () => {
    const [versionId, debtor] = [await organisation.publish(ladder(['PT1S'])), await organisation.debtor()];
    await organisation.enrol(versionId, debtor);
    await step(debtor);
    await endByHand(debtor);
    await organisation.enrol(versionId, debtor);
    await stepsUntilAsleep(debtor);
    expect((await organisation.contacts(debtor)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(await organisation.attempts(debtor)).toEqual([
      { step_key: 'step-0', decision: 'sent' },
      { step_key: 'step-1', decision: 'sent' },
    ]);
  });

  const failingFirst = async (outcome: Outcome): Promise<[versionId: string, debtor: Debtor]> => {
    const [versionId, debtor] = [await organisation.publish(ladder([])), await organisation.debtor()];
    await organisation.enrol(versionId, debtor);
    engine.outside.next(() => Promise.resolve(outcome));
    await step(debtor);
    return [versionId, debtor];
  };

  it('is sent what its provider refused, for nobody has it', async () => {
    const refused: Outcome = { kind: 'rejected', code: '550', addressIsBad: false };
    const [versionId, debtor] = await failingFirst(refused);
    await stepsUntilAsleep(debtor);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended' });
    await organisation.enrol(versionId, debtor);
    await stepsUntilAsleep(debtor);
    expect(await organisation.states(debtor)).toEqual(['rejected', 'accepted']);
    const keys = (await organisation.contacts(debtor)).map(({ send_key }) => send_key.split('/').pop());
    expect(keys).toEqual(['0', '1']);
  });

  it('is sent what never reached its provider, and the attempt is its own from then on', async () => {
    const [versionId, debtor] = await failingFirst({ kind: 'not_reached', code: 'ECONNREFUSED' });
    await endByHand(debtor);
    await organisation.enrol(versionId, debtor);
    await stepsUntilAsleep(debtor);
    expect(await organisation.states(debtor)).toEqual(['not_reached', 'accepted']);
    const { id } = await organisation.enrolment(debtor);
    expect(
      await organisation.rows('select enrolment_id from attempt where invoice_id = $1', debtor.invoiceId),
    ).toEqual([{ enrolment_id: id }]);
  });

  it.each<Outcome>([
    { kind: 'rejected', code: '550', addressIsBad: false },
    { kind: 'throttled', code: 'http_429', retryAfterMs: 1_000 },
  ])('is sent what was on its way then and comes back as %j', async (outcome) => {
    const campaign = ladder(['PT1H'], { send: ['email', 'sms'] });
    const [versionId, debtor] = [await organisation.publish(campaign), await organisation.debtor()];
    await organisation.enrol(versionId, debtor);
    const answer = await slowCall(debtor);
    await endByHand(debtor);
    await organisation.enrol(versionId, debtor);
    await answer(outcome);
    await stepsUntilAsleep(debtor);
    expect((await organisation.contacts(debtor)).map(({ medium, state }) => `${medium} ${state}`)).toEqual([
      `email ${outcome.kind}`,
      outcome.kind === 'rejected' ? 'sms accepted' : 'email accepted',
    ]);
  });

  it('takes up a message of the campaign it left that nobody knows the end of', async () => {
    const [versionId, debtor] = [await organisation.publish(ladder(['PT1H'])), await organisation.debtor()];
    await organisation.enrol(versionId, debtor);
    const answer = await slowCall(debtor);
    await endByHand(debtor);
    await organisation.enrol(versionId, debtor);
    await stepsUntilAsleep(debtor);
    expect(await organisation.states(debtor)).toEqual(['unknown']);
    await answer(accepted('late'));
    expect(callsTo(debtor)).toBe(1);
  });

  it('begins another campaign at its beginning, whatever became of the message in between', async () => {
    const debtor = await organisation.outreach(ladder(['PT1H']));
    const answer = await slowCall(debtor);
    await endByHand(debtor);
    const other = await organisation.publish(ladder(['PT1H']), 'another');
    await organisation.enrol(other, debtor);
    await answer(accepted('of the first campaign'));
    await stepsUntilAsleep(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
  });
});
