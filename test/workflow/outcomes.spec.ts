import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import { advanceClock } from '#engine/clock/advance.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const BOTH = { send: ['email', 'sms'] } as const;
const rejected = (addressIsBad: boolean): Outcome => ({ kind: 'rejected', code: '550', addressIsBad });

/** A debtor whose e-mail meets these outcomes, the last of them for good. */
const meeting = async (
  outcomes: Outcome[],
  durations: string[] = [],
  send: ('email' | 'sms')[] = ['email'],
) => {
  const versionId = await organisation.publish(ladder(durations, { send }));
  const debtor = await organisation.debtor();
  engine.outside.to(debtor.email, ...outcomes);
  await organisation.enrol(versionId, debtor);
  return debtor;
};

const mediaOf = async (debtor: Debtor): Promise<string[]> =>
  (await organisation.contacts(debtor)).map(({ medium, state }) => `${medium} ${state}`);

describe('a message that the provider', () => {
  it('rejects goes out by the next channel of its step, in an execution of its own', async () => {
    const debtor = await meeting([rejected(false)], [], [...BOTH.send]);
    await organisation.finished(debtor);
    expect(await mediaOf(debtor)).toEqual(['email rejected', 'sms accepted']);
    expect(await organisation.attempts(debtor)).toEqual([{ step_key: 'step-0', decision: 'sent' }]);
    const { events } = await organisation.workflow(debtor).fetchHistory();
    const queues = (events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.taskQueue?.name ?? [],
    );
    expect(queues).toEqual(['kindly-email', 'kindly-sms']);
  });

  it('rejects for its address is not written to that address again, for no invoice', async () => {
    const first = await meeting([rejected(true)]);
    await organisation.finished(first);
    const second = await organisation.debtor({ email: first.email });
    await organisation.enrol(await organisation.publish(ladder([])), second);
    await organisation.finished(second);
    expect(await organisation.contacts(second)).toEqual([]);
    expect(await organisation.attempts(second)).toEqual([{ step_key: 'step-0', decision: 'suppressed' }]);
  });

  it('rejects for its address has somebody asked for another, and all who have it planned anew', async () => {
    const outreach = ladder(['PT1H'], { send: ['email'] });
    const versionId = await organisation.publish(outreach);
    const waiting = await organisation.outreach(outreach);
    await organisation.settled(waiting, 1);
    await organisation.atRest(waiting);
    const { facts_version: before } = await organisation.enrolment(waiting);
    const debtor = await organisation.debtor({ email: waiting.email });
    engine.outside.to(waiting.email, rejected(true));
    await organisation.enrol(versionId, debtor);
    await organisation.settled(debtor, 1);
    const tasks = await organisation.rows('select kind from task where invoice_id = $1', debtor.invoiceId);
    expect(tasks).toEqual([{ kind: 'bad_address' }]);
    expect((await organisation.enrolment(waiting)).facts_version).toBeGreaterThan(before);
  });

  it('rejects for its number gets no more SMS there, and calls go on', async () => {
    const plain = ladder([], { send: ['sms'] });
    const [step] = plain.steps;
    const campaign = { ...plain, steps: [{ ...step, send: ['sms', 'call'] }] } as typeof plain;
    const [versionId, debtor] = [await organisation.publish(campaign), await organisation.debtor()];
    engine.outside.to(debtor.phone, rejected(true));
    await organisation.enrol(versionId, debtor);
    await organisation.settled(debtor, 1);
    await organisation.atRest(debtor);
    expect(
      await organisation.rows('select medium from suppression where normalised = $1', debtor.phone),
    ).toEqual([{ medium: 'sms' }]);
    expect(await organisation.attempts(debtor)).toEqual([{ step_key: 'step-0', decision: 'task' }]);
  });

  it('may or may not have taken is never sent again, and the ladder goes on', async () => {
    const accepted: Outcome = { kind: 'accepted', providerId: 'second' };
    const debtor = await meeting([{ kind: 'unknown', code: 'timeout' }, accepted], ['PT1S'], [...BOTH.send]);
    await organisation.finished(debtor);
    expect(await mediaOf(debtor)).toEqual(['email unknown', 'email accepted']);
  });

  it('throttles waits as long as it said, and goes out then', async () => {
    const throttled: Outcome = { kind: 'throttled', code: 'http_429', retryAfterMs: 1_500 };
    const debtor = await meeting([throttled, { kind: 'accepted', providerId: 'later' }]);
    await organisation.finished(debtor);
    const [first, second] = await organisation.rows<{ state: string; at: Date }>(
      'select state, decided_at as at from contact where invoice_id = $1 order by recorded_at',
      debtor.invoiceId,
    );
    expect([first?.state, second?.state]).toEqual(['throttled', 'accepted']);
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(1_500);
  });

  it('throttles for an hour is not sent when the invoice is paid meanwhile', async () => {
    const debtor = await meeting([{ kind: 'throttled', code: 'http_429', retryAfterMs: 3_600_000 }]);
    await organisation.settled(debtor, 1);
    await organisation.pay(debtor);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['throttled']);
    expect(await organisation.enrolment(debtor)).toMatchObject({ ended_reason: 'settled' });
  });

  it('never got is planned again after a while', async () => {
    const debtor = await meeting([{ kind: 'not_reached', code: 'ECONNREFUSED' }]);
    await organisation.settled(debtor, 1);
    await organisation.atRest(debtor);
    const { next_due_at: due } = await organisation.enrolment(debtor);
    const [contact] = await organisation.contacts(debtor);
    expect(contact?.state).toBe('not_reached');
    expect(Number(due) - Number(contact?.decided_at)).toBeGreaterThanOrEqual(60_000);
    await organisation.pay(debtor);
    await organisation.finished(debtor);
  });
});

describe('a test organisation', () => {
  it('tries what was not reached again when its clock gets there', async () => {
    const clock = new Date('2026-03-02T09:00:00Z');
    const tested = await engine.organisation(clock);
    const dates = { issuedOn: '2026-03-02', dueOn: '2026-04-01' };
    const debtor = await tested.debtor({ zone: 'UTC' }, dates);
    const failing: Outcome = { kind: 'not_reached', code: 'ECONNREFUSED' };
    engine.inside.to(debtor.email, failing, failing, { kind: 'accepted', providerId: 'third' });
    await tested.enrol(await tested.publish(ladder([])), debtor);
    await tested.settled(debtor, 1);
    const { next_due_at: first } = await tested.enrolment(debtor);
    expect(Number(first)).toBe(clock.getTime() + 60_000);
    const { calendar } = engine.deps;
    const deps = { dataSource: engine.own.app, appUrl: engine.database.appUrl, calendar };
    await advanceClock(deps, tested.id, clock.getTime() + 3_600_000, 60_000);
    expect(await tested.states(debtor)).toEqual(['not_reached', 'not_reached', 'accepted']);
    expect(engine.outside.calls.some(({ to }) => to.address === debtor.email)).toBe(false);
    await tested.finished(debtor);
  });
});
