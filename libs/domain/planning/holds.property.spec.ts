import fc from 'fast-check';
import { BERLIN, campaignOf, dueStep, factsOf, holdOf } from '#domain/facts.factory.js';
import type { HoldFacts } from '#domain/facts.js';
import type { Resumption, ResumeRule } from '#domain/holds.js';
import type { Instant } from '#domain/instant.js';
import { localDateOf } from '#domain/local-time.js';
import { type Decision, Walk } from './walk.factory.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Days by which the distance of two steps may be less than in the ladder: what a step may slip before the others move. */
const SLIP = 2 * DAY;

const rules = fc.constantFrom<ResumeRule>(
  { rule: 'same_step' },
  { rule: 'next_step' },
  { rule: 'restart' },
  { rule: 'step', step: 's2' },
);

/** Holds by the hours from the enrolment on; without `hours` one stands for ever. */
const holds = fc.array(
  fc.record({
    from: fc.integer({ min: 0, max: 100 * 24 }),
    hours: fc.option(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 40 * 24 })), {
      freq: 8,
    }),
    isReleased: fc.boolean(),
    resume: rules,
  }),
  { maxLength: 6 },
);
type Held = (typeof holds extends fc.Arbitrary<infer T> ? T : never)[number];

const ladders = fc
  .uniqueArray(fc.integer({ min: -5, max: 40 }), { minLength: 1, maxLength: 6 })
  .map((days) => [...days].sort((a, b) => a - b))
  .map((days) => ({
    days,
    document: campaignOf(days.map((day, i) => dueStep(`s${i}`, `${day < 0 ? '-' : ''}P${Math.abs(day)}D`))),
  }));
type Ladder = typeof ladders extends fc.Arbitrary<infer T> ? T : never;

interface Change {
  at: Instant;
  apply: (walk: Walk) => void;
}

/** What a hold changes: it comes, and it is released or ends by itself, as the store would tell. */
function changesOf({ from, hours, isReleased, resume }: Held, index: number, start: Instant): Change[] {
  const id = `H${index}`;
  const begins = start + from * HOUR;
  const ends = hours === null ? null : begins + hours * HOUR;
  const hold: HoldFacts = holdOf({ id, resume, until: isReleased ? null : ends });
  const place = {
    at: begins,
    apply: (walk: Walk) => void walk.change({ holds: [...walk.facts.holds, hold] }),
  };
  if (ends === null) return [place];
  const resumption: Resumption = { ...resume, from: begins, at: ends };
  const end = (walk: Walk): void =>
    void (walk.facts = {
      ...walk.facts,
      holds: walk.facts.holds.filter((each) => each.id !== id),
      resumptions: [...walk.facts.resumptions, resumption],
    });
  return [place, { at: ends, apply: isReleased ? (walk) => (end(walk), void walk.change({})) : end }];
}

/** @param plansDaily it is planned every day, though nothing changed */
function lived({ document }: Ladder, all: readonly Held[], plansDaily = false): Walk {
  const walk = new Walk(factsOf(), document);
  const { now: start } = walk;
  const changes = all.flatMap((each, i) => changesOf(each, i, start)).sort((a, b) => a.at - b.at);
  for (const { at, apply } of changes) {
    while (plansDaily && walk.now + DAY < at) walk.until(walk.now + DAY).change({});
    // Facts first: whoever wakes at that instant reads what is so then.
    walk.until(at - 1).down(at);
    apply(walk);
  }
  return walk.until();
}

const sent = ({ decisions }: Walk): Decision[] => decisions.filter(({ how }) => how === 'sent');

describe('whatever holds come and go, and however they end', () => {
  const always = (name: string, property: (walk: Walk, ladder: Ladder, all: Held[]) => void): void =>
    it(name, () => {
      fc.assert(
        fc.property(ladders, holds, (ladder, all) => property(lived(ladder, all), ladder, all)),
        { seed: 20260401, numRuns: 300 },
      );
    });

  always('each step of a run is taken or given up at most once', (walk) => {
    const keys = walk.decisions.map(({ run, step, occurrence }) => `${run} ${step}#${occurrence}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  always(
    'no two messages go out on one day, nor nearer than the ladder has them but for two days',
    (walk, { days }) => {
      const dayOf = ({ step }: Decision): number => days[Number(step.slice(1))] ?? NaN;
      const all = sent(walk);
      all.forEach((later, i) => {
        const before = all[i - 1];
        if (!before) return;
        expect(localDateOf(later.at, BERLIN) > localDateOf(before.at, BERLIN)).toBe(true);
        if (later.run !== before.run || dayOf(before) <= 0) return;
        // An hour less where the clocks go forward.
        const wanted = (dayOf(later) - dayOf(before)) * DAY - HOUR;
        expect(later.at - before.at).toBeGreaterThanOrEqual(wanted - SLIP);
      });
    },
  );

  always('a run goes up the ladder and never back', (walk) => {
    const places = sent(walk).map(({ run, step }) => run * 100 + Number(step.slice(1)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  always('nothing goes out while one of them stands', (walk, _ladder, all) => {
    const start = factsOf().enrolledAt;
    for (const { at } of sent(walk))
      for (const { from, hours } of all) {
        const begins = start + from * HOUR;
        expect(at > begins && (hours === null || at < begins + hours * HOUR)).toBe(false);
      }
  });

  always('a run more for each that ends with one, at most', (walk, _ladder, all) => {
    const most = 1 + all.filter(({ hours, resume }) => hours !== null && resume.rule === 'restart').length;
    expect(walk.facts.runNo).toBeLessThanOrEqual(most);
  });

  always('the same comes of it however often anybody plans', (walk, ladder, all) => {
    expect(lived(ladder, all, true).log).toEqual(walk.log);
  });
});
