import fc from 'fast-check';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { ladders } from '#test/support/random-ladders.js';
import { calendar, factsAtFirst, type Life, lives } from '#test/support/random-lives.js';
import { occurrenceKey } from './cursor.js';
import { effectOf, type Moved, move } from './moving.js';
import { occurrencesOf } from './occurrences.js';
import { plan } from './plan.js';
import { type Decision, Walk } from './walk.factory.js';

const HOUR = 3_600_000;

interface Journey {
  to: CampaignDocument;
  before: Decision[];
  moved: Moved;
  /** From the move on, in the new version. */
  walk: Walk;
  movedAt: number;
}

const journeys = fc.record({ life: lives, to: ladders(), hours: fc.integer({ min: 0, max: 140 * 24 }) });

const standingAt = (life: Life, hours: number): Walk => {
  const facts = factsAtFirst(life);
  return new Walk(facts, life.document, undefined, calendar).until(facts.enrolledAt + hours * HOUR);
};

const inputOf = ({ facts, cursor }: Walk, document: CampaignDocument) => ({
  facts,
  document,
  cursor,
  calendar,
});

/** Walks in one version, moves after so many hours, and walks on in the other. */
function travel({ life, to, hours }: { life: Life; to: CampaignDocument; hours: number }): Journey {
  const first = standingAt(life, hours);
  const moved = move(inputOf(first, life.document), to, first.now);
  const walk = new Walk(first.facts, to, undefined, calendar);
  walk.cursor = moved.cursor;
  walk.now = first.now;
  walk.until(first.now + 2_000 * 24 * HOUR);
  return { to, before: first.decisions, moved, walk, movedAt: first.now };
}

const keyOf = ({ step, occurrence }: Decision): string => occurrenceKey(step, occurrence);
const reached = ({ how }: Decision): boolean => how !== 'suppressed';

describe('whatever the two ladders are, and whenever an enrolment moves between them', () => {
  const always = (name: string, property: (journey: Journey) => void): void =>
    it(name, () => {
      fc.assert(
        fc.property(journeys, (each) => property(travel(each))),
        { seed: 20260327, numRuns: 150 },
      );
    });

  always('no step is decided twice', ({ before, moved, walk }) => {
    const keys = [
      ...before.map(keyOf),
      ...moved.skips.map((s) => occurrenceKey(s.stepKey, s.occurrence)),
      ...walk.decisions.map(keyOf),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  always(
    'two steps go out at one instant only where the new ladder names it for both',
    ({ to, before, walk, movedAt }) => {
      const nominals = new Map(
        occurrencesOf(inputOf(walk, to)).map((o) => [occurrenceKey(o.step.key, o.occurrence), o] as const),
      );
      const sent = [
        ...before.filter(reached).filter(({ at }) => at === movedAt),
        ...walk.decisions.filter(reached),
      ];
      const own = new Set(walk.decisions);
      sent.forEach((later, i) => {
        const earlier = sent[i - 1];
        if (!earlier || earlier.at !== later.at || !own.has(later)) return;
        const [one, other] = [nominals.get(keyOf(earlier)), nominals.get(keyOf(later))];
        const follows = other?.step.at?.anchor === 'previous_step';
        expect(follows || one?.nominal === other?.nominal).toBe(true);
      });
    },
  );

  always('it comes to rest, and nothing that was kept back is forgotten', ({ walk }) => {
    expect(walk.waitsUntil).toBeNull();
    if (walk.ended) expect(walk.cursor.deferred ?? []).toEqual([]);
  });

  it('moving again to the same version changes nothing', () => {
    fc.assert(
      fc.property(journeys, ({ life, to, hours }) => {
        const first = standingAt(life, hours);
        const once = move(inputOf(first, life.document), to, first.now);
        const again = move({ ...inputOf(first, to), cursor: once.cursor }, to, first.now);
        expect(again).toEqual({ cursor: once.cursor, skips: [] });
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('what is told before is what is planned after', () => {
    fc.assert(
      fc.property(journeys, ({ life, to, hours }) => {
        const first = standingAt(life, hours);
        const input = inputOf(first, life.document);
        const told = effectOf(input, to, first.now).changes.filter(({ change }) => change === 'skipped');
        const moved = move(input, to, first.now);
        const planned = plan(first.facts, to, moved.cursor, first.now, calendar);
        const before = plan(first.facts, life.document, first.cursor, first.now, calendar);
        const known = new Set(before.skips.map((s) => occurrenceKey(s.stepKey, s.occurrence)));
        const skipped = [...moved.skips, ...planned.skips]
          .map((s) => occurrenceKey(s.stepKey, s.occurrence))
          .filter((key) => !known.has(key));
        expect(told.map((s) => occurrenceKey(s.stepKey, s.occurrence)).sort()).toEqual(skipped.sort());
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
