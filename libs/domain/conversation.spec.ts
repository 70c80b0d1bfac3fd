import fc from 'fast-check';
import {
  effectsOfInbound,
  type InboundEffect,
  type InboundReading,
  type InboundState,
  INBOUND_READINGS,
} from './conversation.js';

const NOW = Date.UTC(2026, 2, 2, 9);
const DAY = 86_400_000;

const stateOf = (overrides: Partial<InboundState> = {}): InboundState => ({
  now: NOW,
  at: NOW,
  isMatched: true,
  saysMore: false,
  lastWord: null,
  confirmedAt: [],
  pause: 'P3D',
  zone: 'Europe/Madrid',
  ...overrides,
});

const kinds = (reading: InboundReading, overrides: Partial<InboundState> = {}): string[] =>
  effectsOfInbound(reading, stateOf(overrides)).map((effect) =>
    effect.kind === 'confirm' ? effect.template : effect.kind,
  );

const stopped = { lastWord: { wants: false, at: NOW - 30 * DAY } };

describe('what follows from a message', () => {
  it.each<[string, InboundReading, Partial<InboundState>, string[]]>([
    ['a stop is obeyed and confirmed', 'stop', {}, ['suppress', 'stop-confirmation']],
    ['a stop of nobody known is obeyed', 'stop', { isMatched: false }, ['suppress']],
    ['a second stop is not confirmed again', 'stop', stopped, ['suppress']],
    ['a stop that says why is read', 'stop', { saysMore: true }, ['suppress', 'stop-confirmation', 'task']],
    ['a start lifts, and is confirmed', 'start', stopped, ['lift', 'start-confirmation']],
    ['a start that changes nothing is not confirmed', 'start', {}, ['lift']],
    ['a chat that is opened is greeted', 'opt_in', {}, ['lift', 'telegram-greeting']],
    ['and once', 'opt_in', { lastWord: { wants: true, at: NOW - DAY } }, ['lift']],
    ['a blocked chat asks for another address', 'blocked', {}, ['suppress', 'ask_for_address']],
    ['an unblocked one is open again', 'unblocked', {}, ['lift']],
    ['a person pauses the outreach and is answered', 'person', {}, ['pause', 'task']],
    ['a person nobody knows waits for somebody to say who it is', 'person', { isMatched: false }, []],
    ['an automatic reply changes nothing', 'automatic', {}, []],
    ['our own words change nothing', 'ignored', {}, []],
  ])('%s', (_name, reading, overrides, expected) => {
    expect(kinds(reading, overrides)).toEqual(expected);
  });

  it('pauses from when it was written, for as long as the organisation says', () => {
    const pause = (overrides: Partial<InboundState>): InboundEffect[] =>
      effectsOfInbound('person', stateOf(overrides)).filter(({ kind }) => kind === 'pause');
    expect(pause({ at: NOW - DAY })).toEqual([{ kind: 'pause', until: NOW + 2 * DAY }]);
    expect(pause({ pause: 'PT36H' })).toEqual([{ kind: 'pause', until: NOW + 1.5 * DAY }]);
    expect(pause({ at: NOW - 4 * DAY })).toEqual([]);
  });

  it('keeps the local time of the customer over a change of clocks', () => {
    const now = Date.UTC(2026, 2, 28, 9);
    const [pause] = effectsOfInbound('person', stateOf({ now, at: now }));
    expect(pause).toEqual({ kind: 'pause', until: now + 3 * DAY - 3_600_000 });
  });

  it('never believes a provider’s clock that is ahead', () => {
    expect(effectsOfInbound('person', stateOf({ at: NOW + 30 * DAY }))[0]).toEqual({
      kind: 'pause',
      until: NOW + 3 * DAY,
    });
  });

  it('does not confirm a stop that it could confirm too late only', () => {
    const [, confirm] = effectsOfInbound('stop', stateOf());
    expect(confirm).toMatchObject({ notAfter: NOW + 5 * 60_000 });
  });
});

describe('what an address said last', () => {
  it('holds, though an older word comes later', () => {
    expect(kinds('stop', { lastWord: { wants: true, at: NOW }, at: NOW - 1 })).toEqual([]);
    expect(kinds('start', { lastWord: { wants: false, at: NOW }, at: NOW - 1 })).toEqual([]);
  });

  it('is the stop, of a stop and a start of one instant', () => {
    expect(kinds('start', { lastWord: { wants: false, at: NOW } })).toEqual([]);
    expect(kinds('stop', { lastWord: { wants: true, at: NOW } })).toContain('suppress');
  });

  it('is the same whatever order the words are applied in', () => {
    const word = fc.record({
      reading: fc.constantFrom<InboundReading>('stop', 'start'),
      at: fc.integer({ min: 0, max: 20 }),
    });
    const words = fc
      .array(word, { minLength: 1, maxLength: 8 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(words, ([all, shuffled]) => {
        expect(isStoppedAfter(shuffled)).toBe(isStoppedAfter(all));
      }),
    );
  });
});

interface Word {
  reading: InboundReading;
  at: number;
}

/** Applies words one by one, as the engine does: each sees those that were applied before it. */
function isStoppedAfter(words: readonly Word[]): boolean {
  let isStopped = false;
  const applied: Word[] = [];
  for (const { reading, at } of words) {
    const [last] = [...applied].sort((a, b) => b.at - a.at || (a.reading === 'stop' ? -1 : 1));
    const lastWord = last ? { wants: last.reading === 'start', at: last.at } : null;
    for (const { kind } of effectsOfInbound(reading, stateOf({ at, lastWord }))) {
      if (kind === 'suppress') isStopped = true;
      if (kind === 'lift') isStopped = false;
    }
    applied.push({ reading, at });
  }
  return isStopped;
}

describe('two robots', () => {
  it('cannot talk: an address is confirmed to once a day and three times a week at most', () => {
    const hours = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 24 * 21 }), fc.constantFrom(...INBOUND_READINGS)),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(hours, (told) => {
        const confirmedAt: number[] = [];
        let lastWord: InboundState['lastWord'] = null;
        for (const [hour, reading] of told.sort(([a], [b]) => a - b)) {
          const at = NOW + hour * 3_600_000;
          const effects = effectsOfInbound(reading, stateOf({ now: at, at, lastWord, confirmedAt }));
          if (effects.some(({ kind }) => kind === 'confirm')) confirmedAt.push(at);
          if (reading === 'stop' || reading === 'start') lastWord = { wants: reading === 'start', at };
        }
        for (const at of confirmedAt) {
          const since = (days: number) => confirmedAt.filter((each) => each <= at && each > at - days * DAY);
          expect(since(1).length).toBeLessThanOrEqual(1);
          expect(since(7).length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
