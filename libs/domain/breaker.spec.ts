import fc from 'fast-check';
import { afterCall, type Breaker, type CallSign, CLOSED, permission, probing } from './breaker.js';

const after = (signs: readonly CallSign[], every = 1_000, from: Breaker = CLOSED): Breaker =>
  signs.reduce((breaker, sign, index) => afterCall(breaker, sign, index * every), from);
const failures = (count: number): CallSign[] => Array.from({ length: count }, () => 'failure');
const OPEN = after(failures(5));
const OPEN_UNTIL = 4_000 + 30_000;

describe('a breaker', () => {
  it.each<[string, CallSign[], number, string]>([
    ['four failures in a row leave it closed', failures(4), 1_000, 'yes'],
    ['five open it', failures(5), 1_000, 'no'],
    ['a success in between starts the count anew', [...failures(4), 'success', ...failures(4)], 1_000, 'yes'],
    ['failures far apart are no row', failures(20), 60_000, 'yes'],
  ])('%s', (_what, signs, every, kind) => {
    expect(permission(after(signs, every), signs.length * every).kind).toBe(kind);
  });

  it('lets nobody call while it is open, and then one', () => {
    expect(permission(OPEN, OPEN_UNTIL - 1)).toEqual({ kind: 'no', until: OPEN_UNTIL });
    expect(permission(OPEN, OPEN_UNTIL)).toEqual({ kind: 'probe' });
    const tried = probing(OPEN, OPEN_UNTIL);
    expect(permission(tried, OPEN_UNTIL)).toEqual({ kind: 'no', until: OPEN_UNTIL + 30_000 });
  });

  it('closes when the probe succeeds', () => {
    expect(afterCall(probing(OPEN, OPEN_UNTIL), 'success', OPEN_UNTIL + 5)).toEqual(CLOSED);
  });

  it('stays open longer and longer when probes fail, five minutes at most', () => {
    let breaker = OPEN;
    const pauses: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const now = breaker.openUntil ?? 0;
      breaker = afterCall(probing(breaker, now), 'failure', now);
      pauses.push((breaker.openUntil ?? 0) - now);
    }
    expect(pauses).toEqual([60_000, 120_000, 300_000, 300_000, 300_000]);
  });

  it('lets another try when whoever claimed the probe is never heard of', () => {
    expect(permission(probing(OPEN, OPEN_UNTIL), OPEN_UNTIL + 30_000)).toEqual({ kind: 'probe' });
  });

  it('takes no notice of failures of calls that had begun before it opened', () => {
    expect(afterCall(OPEN, 'failure', OPEN_UNTIL - 1)).toEqual(OPEN);
  });

  it('never lets two probes run at once, and never stays shut for more than five minutes without one', () => {
    const event = fc.record({
      sign: fc.constantFrom<CallSign>('success', 'failure', 'failure', 'failure'),
      pause: fc.integer({ min: 0, max: 90_000 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let breaker = CLOSED;
        let now = 0;
        for (const { sign, pause } of events) {
          now += pause;
          const may = permission(breaker, now);
          if (may.kind === 'no') {
            expect(may.until - now).toBeLessThanOrEqual(300_000);
            continue;
          }
          if (may.kind === 'probe') {
            breaker = probing(breaker, now);
            expect(permission(breaker, now).kind).toBe('no');
          }
          breaker = afterCall(breaker, sign, now);
          if (sign === 'success') expect(permission(breaker, now)).toEqual({ kind: 'yes' });
        }
      }),
    );
  });
});
