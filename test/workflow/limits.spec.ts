import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import { FakeChannel } from '#channels/fake/fake.channel.js';
import type { WorkflowPlan } from '#contracts/engine.js';
import type { Rate } from '#domain/limits.js';
import { executeStep } from '#engine/execute-step.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

const HOUR = 3_600_000;

let rate: Rate | null = null;
const second = new FakeChannel({ provider: 'second', media: ['sms'], external: true });
/** Nothing is started in it: specs carry out steps themselves, several at once, as workers would. */
let still: TestEngine;

beforeAll(async () => {
  const outside = (fake: FakeChannel): FakeChannel =>
    Object.assign(Object.create(fake) as FakeChannel, { rateOf: () => rate });
  still = await TestEngine.start({ relay: false, workers: false, outside, second });
});
beforeEach(async () => {
  rate = null;
  still.outside.always(undefined);
  second.always(undefined);
  await still.own.app.query(
    'update provider_breaker set failures = 0, since = null, open_until = null, opened = 0, probe_until = null',
  );
});
afterAll(() => still?.close());

const enrolled = async (
  organisation: TestOrganisation,
  count: number,
  send: 'email' | 'sms' = 'email',
): Promise<Debtor[]> => {
  const versionId = await organisation.publish(ladder([], { send: [send] }));
  const debtors: Debtor[] = [];
  for (let n = 0; n < count; n += 1) debtors.push(await organisation.debtor());
  for (const debtor of debtors) await organisation.enrol(versionId, debtor);
  return debtors;
};

/** As one of two workers would, each with connections of its own. */
const step = (organisation: TestOrganisation, { invoiceId }: Debtor, worker = 0): Promise<WorkflowPlan> => {
  const deps = worker % 2 ? { ...still.deps, dataSource: still.own.app } : still.deps;
  return executeStep(deps, { organisationId: organisation.id, invoiceId }, Date.now() + 2_000);
};

const together = (organisation: TestOrganisation, debtors: readonly Debtor[]): Promise<WorkflowPlan[]> =>
  Promise.all(debtors.map((debtor, index) => step(organisation, debtor, index)));

const untilOf = (plan: WorkflowPlan): number => (plan.kind === 'wait' ? (plan.until ?? 0) : 0);
const rulesOf = (organisation: TestOrganisation): Promise<{ rule: string | null; n: number }[]> =>
  organisation.rows(
    `select reasons #>> '{0,rule}' as rule, count(*)::int as n from attempt group by 1 order by 1`,
  );
const statesOf = (
  organisation: TestOrganisation,
): Promise<{ provider: string; state: string; n: number }[]> =>
  organisation.rows('select provider, state, count(*)::int as n from contact group by 1, 2 order by 1, 2');

describe('a sender with a rate', () => {
  it('sends what it may, and gives each of the others a moment of its own that is no failed try', async () => {
    rate = { perSecond: 0.1, burst: 2 };
    const organisation = await still.organisation();
    const plans = await together(organisation, await enrolled(organisation, 6));
    expect(await statesOf(organisation)).toEqual([{ provider: 'fake', state: 'accepted', n: 2 }]);
    expect(await rulesOf(organisation)).toEqual([
      { rule: 'rate_limit', n: 4 },
      { rule: null, n: 2 },
    ]);
    const moments = plans
      .map(untilOf)
      .filter(Boolean)
      .sort((a, b) => a - b);
    const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0));
    expect(gaps).toHaveLength(3);
    for (const gap of gaps) expect(Math.abs(gap - 10_000)).toBeLessThanOrEqual(1);
    const cursors = await organisation.rows<{ trying: object }>(
      `select cursor -> 'trying' as trying from enrolment where cursor -> 'trying' is distinct from 'null'`,
    );
    for (const { trying } of cursors) expect(trying).toMatchObject({ tries: 0, failures: 0, throttles: 0 });
  });

  it('does not slow down another organisation', async () => {
    rate = { perSecond: 0.001 };
    const [one, other] = [await still.organisation(), await still.organisation()];
    for (const organisation of [one, other]) await together(organisation, await enrolled(organisation, 1));
    expect(await statesOf(other)).toEqual([{ provider: 'fake', state: 'accepted', n: 1 }]);
  });
});

describe('a provider that tells a whole sender to wait', () => {
  const throttled: Outcome = { kind: 'throttled', code: 'http_429', retryAfterMs: HOUR, wholeSender: true };

  it('is not asked again by the next message, which waits as long and comes out spread', async () => {
    const organisation = await still.organisation();
    const [first, ...others] = await enrolled(organisation, 4);
    still.outside.to(first!.email, throttled);
    const before = Date.now();
    const until = untilOf(await step(organisation, first!));
    const waits = (await together(organisation, others)).map(untilOf).sort((a, b) => a - b);
    expect(
      still.outside.calls.filter(({ organisationId }) => organisationId === organisation.id),
    ).toHaveLength(1);
    expect(until).toBeGreaterThanOrEqual(before + HOUR);
    expect(new Set(waits).size).toBe(3);
    expect(waits[0]).toBeGreaterThanOrEqual(before + HOUR);
  });
});

describe("an organisation's ceiling of a day", () => {
  const withCeiling = async (ceiling: number): Promise<TestOrganisation> => {
    const organisation = await still.organisation();
    await organisation.rows('update organisation set daily_ceiling = $1', ceiling);
    return organisation;
  };
  const alerts = (organisation: TestOrganisation): Promise<unknown[]> =>
    organisation.rows(`select detail from audit_event where action = 'organisation.ceiling_reached'`);

  it('is never passed by however many workers, and the rest waits for the next day', async () => {
    const organisation = await withCeiling(5);
    const plans = await together(organisation, await enrolled(organisation, 20));
    expect(await statesOf(organisation)).toEqual([{ provider: 'fake', state: 'accepted', n: 5 }]);
    expect(await rulesOf(organisation)).toEqual([
      { rule: 'daily_ceiling', n: 15 },
      { rule: null, n: 5 },
    ]);
    const tomorrow = Date.parse(`${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`);
    const waits = plans.map(untilOf).filter(Boolean);
    expect(waits).toHaveLength(15);
    for (const until of waits) expect(until).toBeGreaterThanOrEqual(tomorrow);
    expect(new Set(waits).size).toBeGreaterThan(10);
    expect(await alerts(organisation)).toHaveLength(1);
  });

  it('does not count what certainly did not go out', async () => {
    const organisation = await withCeiling(1);
    const [lost, next] = await enrolled(organisation, 2);
    still.outside.to(lost!.email, { kind: 'not_reached', code: 'ECONNREFUSED' });
    await step(organisation, lost!);
    await step(organisation, next!);
    expect((await statesOf(organisation)).map(({ state }) => state)).toEqual(['accepted', 'not_reached']);
    expect(await organisation.rows('select sent from sending_day')).toEqual([{ sent: 1 }]);
  });
});

describe('a provider that fails again and again', () => {
  const refused: Outcome = { kind: 'not_reached', code: 'ECONNREFUSED' };
  const callsOf = (organisation: TestOrganisation, channel = still.outside): number =>
    channel.calls.filter(({ organisationId }) => organisationId === organisation.id).length;
  const failing = async (send: 'email' | 'sms', outcome: Outcome): Promise<TestOrganisation> => {
    const organisation = await still.organisation();
    still.outside.always(outcome);
    for (const debtor of await enrolled(organisation, 5, send)) await step(organisation, debtor);
    expect(callsOf(organisation)).toBe(5);
    return organisation;
  };
  /** Its pause is over. */
  const rested = (): Promise<unknown> =>
    still.own.app.query(`update provider_breaker set open_until = now() - interval '1 second'`);

  it.each<Outcome>([refused, { kind: 'unknown', code: 'http_503' }, { kind: 'unknown', code: 'timeout' }])(
    'is let be, and messages wait for it in line: %j',
    async (outcome) => {
      await failing('email', outcome);
      const later = await still.organisation();
      const waits = (await together(later, await enrolled(later, 3))).map(untilOf);
      expect(callsOf(later)).toBe(0);
      expect(await rulesOf(later)).toEqual([{ rule: 'provider_down', n: 3 }]);
      expect(new Set(waits).size).toBe(3);
      for (const until of waits) expect(until).toBeGreaterThan(Date.now());
    },
  );

  it('is not let be for refusing messages, nor for one sender that may not send', async () => {
    await failing('email', { kind: 'rejected', code: 'http_400', addressIsBad: false });
    await failing('email', { kind: 'not_reached', code: 'http_403' });
    const later = await still.organisation();
    await together(later, await enrolled(later, 1));
    expect(callsOf(later)).toBe(1);
  });

  it('is tried by one message when its pause is over, and by all once that went well', async () => {
    await failing('email', refused);
    await rested();
    const later = await still.organisation();
    const debtors = await enrolled(later, 6);
    let answer: (outcome: Outcome) => void = () => undefined;
    const answered = new Promise<Outcome>((resolve) => (answer = resolve));
    still.outside.always(() => answered);
    const running = together(later, debtors);
    await eventually(async () => {
      const rules = await rulesOf(later);
      if (rules.find(({ rule }) => rule === 'provider_down')?.n !== 5)
        throw new Error('Not all have decided.');
    });
    expect(callsOf(later)).toBe(1);
    answer({ kind: 'accepted', providerId: 'probe' });
    await running;
    still.outside.always(undefined);
    const more = await enrolled(later, 2);
    await together(later, more);
    expect(callsOf(later)).toBe(3);
  });

  it('is replaced by the next of the medium for new messages, and never after an unclear answer', async () => {
    const organisation = await failing('sms', { kind: 'unknown', code: 'http_503' });
    expect(callsOf(organisation, second)).toBe(0);
    const more = await enrolled(organisation, 2, 'sms');
    await together(organisation, more);
    expect(callsOf(organisation)).toBe(5);
    expect(await statesOf(organisation)).toEqual([
      { provider: 'fake', state: 'unknown', n: 5 },
      { provider: 'second', state: 'accepted', n: 2 },
    ]);
  });

  it('is passed over by the next try of a message that did not reach it', async () => {
    const organisation = await still.organisation();
    const [debtor] = await enrolled(organisation, 1, 'sms');
    still.outside.to(debtor!.phone, refused);
    const until = untilOf(await step(organisation, debtor!));
    await executeStep(still.deps, { organisationId: organisation.id, invoiceId: debtor!.invoiceId }, until);
    expect(await statesOf(organisation)).toEqual([
      { provider: 'fake', state: 'not_reached', n: 1 },
      { provider: 'second', state: 'accepted', n: 1 },
    ]);
  });
});
