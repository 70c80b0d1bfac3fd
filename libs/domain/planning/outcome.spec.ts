import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  local,
  promiseFactsOf,
  stepAt,
} from '#domain/facts.factory.js';
import type { SendTarget } from '#domain/campaign/document.js';
import { weekendCalendar } from '#domain/working-days.js';
import { initialCursor, type Trying } from './cursor.js';
import { afterOutcome, type StepOutcome } from './outcome.js';
import { plan } from './plan.js';
import { type Provider, Walk } from './walk.factory.js';

const oneStep = (...send: SendTarget[]) => campaignOf([dueStep('s', 'P1D', { send })]);

/** Answers the calls to providers in turn; accepts all that come after. */
const answering = (...outcomes: Exclude<StepOutcome['kind'], 'deferred'>[]) => {
  const left = [...outcomes];
  return (): StepOutcome => {
    const kind = left.shift() ?? 'accepted';
    return kind === 'throttled' ? { kind, retryAfterMs: 90_000 } : { kind };
  };
};

describe('a message that did not go out', () => {
  it('goes to the next channel at once when it is rejected', () => {
    const walk = new Walk(factsOf(), oneStep('email', 'sms'), answering('rejected')).until();
    expect(walk.log).toEqual(['2026-04-01 10:00 s email rejected', '2026-04-01 10:00 s sms']);
  });

  const failing = (medium: string, kind: 'not_reached' | 'throttled') => (action: { medium: string }) =>
    answering(...(action.medium === medium ? [kind] : []))();

  it('is tried again when the provider is not reached, by day and for a day, then by the next channel', () => {
    const out = failing('email', 'not_reached');
    const walk = new Walk(factsOf(), oneStep('email', 'sms'), out).until();
    const hourly = ['11', '12', '13', '14', '15', '16', '17', '18', '19'].map((hour) => `01 ${hour}:21`);
    const times = ['01 10:00', '01 10:01', '01 10:06', '01 10:21', ...hourly, '02 10:00'];
    expect(walk.log).toEqual([
      ...times.map((time) => `2026-04-${time} s email not_reached`),
      '2026-04-02 10:00 s sms',
    ]);
  });

  it('begins the waits anew on the next channel', () => {
    const out = Array.from({ length: 15 }, () => 'not_reached' as const);
    const walk = new Walk(factsOf(), oneStep('email', 'sms'), answering(...out)).until();
    expect(walk.log.slice(-2).map((line) => line.slice(8))).toEqual([
      '02 10:00 s sms not_reached',
      '02 10:01 s sms',
    ]);
  });

  it('keeps its channel when it is throttled, and asks less and less often', () => {
    const out = Array.from({ length: 4 }, () => 'throttled' as const);
    const walk = new Walk(factsOf(), oneStep('email', 'sms'), answering(...out)).until();
    const waits = 2 * 90_000 + (5 + 15) * 60_000;
    expect(walk.decisions).toMatchObject([{ by: 'email', at: local('2026-04-01 10:00') + waits }]);
  });

  it('goes to the next channel when it was throttled twelve times in a row', () => {
    const walk = new Walk(factsOf(), oneStep('email', 'sms'), failing('email', 'throttled')).until();
    expect(walk.log.filter((line) => line.endsWith('throttled'))).toHaveLength(12);
    expect(walk.decisions).toMatchObject([{ by: 'sms' }]);
  });

  it('goes to the next channel when it was throttled for two days', () => {
    const out: Provider = ({ medium }) =>
      medium === 'email' ? { kind: 'throttled', retryAfterMs: 86_400_000 } : { kind: 'accepted' };
    const walk = new Walk(factsOf(), oneStep('email', 'sms'), out).until();
    expect(walk.log).toEqual([
      '2026-04-01 10:00 s email throttled',
      '2026-04-02 10:00 s email throttled',
      '2026-04-03 10:00 s email throttled',
      '2026-04-03 10:00 s sms',
    ]);
  });

  it('ends when a channel is now out and now throttled', () => {
    let calls = 0;
    const out: Provider = () => {
      calls += 1;
      return calls % 2 ? { kind: 'not_reached' } : { kind: 'throttled', retryAfterMs: 1 };
    };
    const walk = new Walk(factsOf(), oneStep('email'), out).until();
    expect(walk.decisions).toMatchObject([{ by: 'undeliverable' }]);
    expect(calls).toBeLessThan(40);
  });

  it('is asked for again when the gate asked to wait, and nobody counts that as a try', () => {
    const step = { stepKey: 's', stepIndex: 0, occurrence: 0, dueAt: 5 };
    const cursor = afterOutcome(initialCursor(), step, 'email', { kind: 'deferred', until: 9 }, 5);
    expect(cursor.trying).toMatchObject({ tries: 0, throttles: 0, failed: [], notBefore: 9 });
  });

  describe('put off by a contact policy', () => {
    const late = campaignOf([
      dueStep('night', 'P1D', { at: { anchor: 'due_date', offset: 'P1D', time: '21:00' } }),
      dueStep('next', 'P2D'),
    ]);
    const ref = {
      stepKey: 'night',
      stepIndex: 0,
      occurrence: 0,
      dueAt: local('2026-04-01 21:00'),
    };
    const until = local('2026-04-02 09:00');
    const cursor = afterOutcome(
      initialCursor(),
      ref,
      'email',
      { kind: 'deferred', until, rulesDigest: '' },
      ref.dueAt,
    );
    const planAt = (moment: string) => plan(factsOf(), late, cursor, local(moment), weekendCalendar).next;

    it('goes out when that allows it, not at the hour that its step names, and before what follows', () => {
      expect(planAt('2026-04-01 21:00')).toMatchObject({ kind: 'wait', until });
      expect(planAt('2026-04-02 09:00')).toMatchObject({ kind: 'act', action: { stepKey: 'night' } });
      expect(planAt('2026-04-02 12:30')).toMatchObject({ kind: 'act', action: { stepKey: 'night' } });
    });

    it('is asked anew as soon as the rules are others, at its own hour or when it would have gone out anyway', () => {
      const others = factsOf({ rulesDigest: 'others' });
      const next = (moment: string) => plan(others, late, cursor, local(moment), weekendCalendar).next;
      expect(next('2026-04-01 21:01')).toMatchObject({ kind: 'act', action: { stepKey: 'night' } });
      // No later than by the rules that put it off.
      expect(next('2026-04-02 08:00')).toMatchObject({ kind: 'wait', until });
    });

    it.each<[string, StepOutcome, string]>([
      ['its sender may send only so fast', { kind: 'deferred', until: local('2026-04-01 21:05') }, '21:05'],
      ['its provider is not reached', { kind: 'not_reached' }, '21:03'],
      ['it is refused, and goes by the next channel', { kind: 'rejected' }, '21:02'],
      ['it is withheld', { kind: 'deferred', until: null }, '21:02'],
    ])('is not put off to its old opening any more once it was let go: %s', (_why, outcome, time) => {
      const others = factsOf({ rulesDigest: 'others' });
      const at = local('2026-04-01 21:02');
      const after = afterOutcome(cursor, ref, 'email', outcome, at);
      const either = campaignOf([
        dueStep('night', 'P1D', {
          at: { anchor: 'due_date', offset: 'P1D', time: '21:00' },
          send: ['email', 'sms'],
        }),
      ]);
      const { next } = plan(others, either, after, at, weekendCalendar);
      const expected = local(`2026-04-01 ${time}`);
      expect(next).toMatchObject(
        expected === at ? { kind: 'act', action: { stepKey: 'night' } } : { kind: 'wait', until: expected },
      );
    });

    it('is in time from that hour on, when it comes even later', () => {
      expect(planAt('2026-04-02 21:00')).toMatchObject({ kind: 'wait', until: local('2026-04-03 09:00') });
    });
  });

  it('goes on from a cursor of before throttles were counted', () => {
    const old = { stepKey: 's', occurrence: 0, dueAt: 5, failed: [], tries: 1, failures: 0, notBefore: 6 };
    const cursor = { ...initialCursor(), trying: old as unknown as Trying };
    const step = { stepKey: 's', stepIndex: 0, occurrence: 0, dueAt: 5 };
    const after = afterOutcome(cursor, step, 'email', { kind: 'throttled', retryAfterMs: 1 }, 7);
    expect(after.trying).toMatchObject({ tries: 2, throttles: 1, since: 7, notBefore: 8 });
  });

  it('counts as sent when nobody knows, and is never tried again', () => {
    const ladder = campaignOf([
      dueStep('s', 'P1D', { send: ['email', 'sms'] }),
      stepAt('next', { anchor: 'previous_step', offset: 'P1D' }),
    ]);
    const walk = new Walk(factsOf(), ladder, answering('unknown')).until();
    expect(walk.log).toEqual(['2026-04-01 10:00 s email', '2026-04-02 10:00 next email']);
    walk.change({ customer: { ...walk.facts.customer, preferred: 'sms' } }).until();
    expect(walk.log).toHaveLength(2);
  });

  it('numbers its tries through all channels, so that each has a key of its own', () => {
    const walk = new Walk(
      factsOf(),
      oneStep('email', 'sms'),
      answering('rejected', 'throttled', 'not_reached'),
    );
    const tries: number[] = [];
    for (const moment of ['2026-04-01 10:00', '2026-04-01 10:01', '2026-04-01 10:02']) {
      walk.until(moment);
      tries.push(walk.cursor.trying?.tries ?? -1);
    }
    expect(tries).toEqual([2, 2, 3]);
  });

  it('lets nothing of the ladder overtake it', () => {
    const ladder = campaignOf([
      stepAt('first', { anchor: 'issue_date', offset: 'PT10S' }),
      stepAt('second', { anchor: 'issue_date', offset: 'PT20S' }),
    ]);
    const walk = new Walk(factsOf(), ladder, answering('not_reached', 'not_reached')).until();
    expect(walk.log.map((line) => line.slice(11))).toEqual([
      '00:00 first email not_reached',
      '00:01 first email not_reached',
      '00:06 first email',
      '00:06 second email',
    ]);
    const [first, second] = walk.decisions;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(10_000);
  });

  it('keeps what was tried while a step about a promise comes in between', () => {
    const ladder = campaignOf([
      dueStep('s', 'P1D', { send: ['email', 'sms'] }),
      stepAt('promised', { anchor: 'promise_date', time: '12:00' }, { send: ['email', 'telegram'] }),
    ]);
    const out = answering('rejected', 'not_reached', 'rejected', 'rejected');
    const walk = new Walk(factsOf(), ladder, out).until('2026-04-01 10:00');
    walk.change({
      promises: [promiseFactsOf({ promisedOn: '2026-04-01' })],
      holds: [holdOf({ kind: 'promise', until: local('2026-04-02') })],
    });
    expect(walk.until().log).toEqual([
      '2026-04-01 10:00 s email rejected',
      '2026-04-01 10:00 s sms not_reached',
      '2026-04-01 12:00 promised email rejected',
      '2026-04-01 12:00 promised telegram rejected',
      '2026-04-01 12:00 promised undeliverable',
      '2026-04-02 10:00 s sms',
    ]);
    expect(walk.cursor.trying).toBeNull();
  });

  it('takes a step behind it along past no deadline of its own', () => {
    const ladder = campaignOf([
      dueStep('s', 'P1D'),
      stepAt('t', { anchor: 'due_date', offset: 'P1D', time: '10:02' }, { validFor: 'PT10M' }),
    ]);
    const out = Array.from({ length: 4 }, () => 'not_reached' as const);
    const walk = new Walk(factsOf(), ladder, answering(...out)).until();
    expect(walk.log).toContain('2026-04-01 10:12 t too_late');
  });

  it('is given up as too late where its deadline passes before the next try', () => {
    const ladder = campaignOf([dueStep('s', 'P1D', { validFor: 'PT3M' })]);
    const walk = new Walk(factsOf(), ladder, answering('not_reached', 'not_reached')).until();
    expect(walk.log).toEqual([
      '2026-04-01 10:00 s email not_reached',
      '2026-04-01 10:01 s email not_reached',
      '2026-04-01 10:03 s too_late',
    ]);
  });
});
