import fc from 'fast-check';
import { campaignOf, factsOf, holdOf } from '#domain/facts.factory.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { startOfDay } from '#domain/local-time.js';
import {
  calendar,
  factsAtFirst,
  ISSUED,
  type Life,
  live,
  type Lived,
  lives,
} from '#test/support/random-lives.js';
import { initialCursor } from './cursor.js';
import { type Occurrence, occurrencesOf } from './occurrences.js';
import { plan } from './plan.js';
import { refOf, schedule } from './schedule.js';
import { type Decision, Walk } from './walk.factory.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

const reached = ({ how }: Decision): boolean => how !== 'suppressed';

/** The occurrence of each decision, seen from the end. */
function occurrenceOf(
  walk: Walk,
  document: CampaignDocument,
): (decision: Decision) => Occurrence | undefined {
  const all = occurrencesOf({ facts: walk.facts, document, cursor: walk.cursor, calendar });
  return ({ step, occurrence }) => all.find((o) => o.step.key === step && o.occurrence === occurrence);
}

describe('whatever the ladder, and whatever happens to the enrolment', () => {
  const always = (name: string, property: (lived: Lived, life: Life) => void): void =>
    it(name, () => {
      fc.assert(
        fc.property(lives, (life) => property(live(life), life)),
        { seed: 20260301, numRuns: 120 },
      );
    });

  always('every occurrence is decided at most once in a run', ({ walk }) => {
    const keys = walk.decisions.map(({ run, step, occurrence }) => `${run} ${step}#${occurrence}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  always('nothing goes out before its own moment, nor after its deadline', ({ walk }) => {
    for (const { at, dueAt, deadline } of walk.decisions.filter(reached)) {
      expect(at).toBeGreaterThanOrEqual(dueAt);
      expect(at).toBeLessThan(deadline);
    }
  });

  always(
    'nothing goes out at or after the settlement, and nothing is decided after it',
    ({ walk, settledAt }) => {
      if (settledAt === null) return;
      for (const { at, how } of walk.decisions) {
        expect(at).toBeLessThanOrEqual(how === 'suppressed' ? settledAt : settledAt - 1);
      }
      expect(walk.ended).toBe('settled');
    },
  );

  always('nothing but what is too late is given up before its moment', ({ walk }) => {
    const early = walk.decisions.filter(
      (one) => !reached(one) && one.by !== 'too_late' && one.at < one.dueAt,
    );
    expect(early).toEqual([]);
  });

  always('it comes to rest: it has ended, or waits for a fact', ({ walk }) => {
    expect(walk.waitsUntil).toBeNull();
  });

  always(
    'what was recorded as kept back had come due, and is decided when the outreach has ended',
    ({ walk }) => {
      const kept = walk.cursor.deferred ?? [];
      for (const { dueAt } of kept) expect(dueAt).toBeLessThanOrEqual(walk.now);
      if (walk.ended) expect(kept).toEqual([]);
    },
  );

  always(
    'it is decided, and recorded as kept back, at the same moments however often anybody plans',
    ({ walk }, life) => {
      const often = live(life, { plansDaily: true }).walk;
      expect(often.log).toEqual(walk.log);
      expect(often.deferrals).toEqual(walk.deferrals);
    },
  );

  always('its cursor survives a trip through JSON, as which it is stored', ({ walk }) => {
    expect(JSON.parse(JSON.stringify(walk.cursor))).toEqual(walk.cursor);
  });
});

describe('a plan', () => {
  it('puts on record what came due on hold, and never acts at once with that', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 0, max: 120 * 24 }), (life, hours) => {
        const facts = { ...factsAtFirst(life), holds: [holdOf()] };
        const now = facts.enrolledAt + hours * HOUR;
        const planned = plan(facts, life.document, initialCursor(), now, calendar);
        const { document } = life;
        const { open } = schedule({ facts, document, cursor: planned.cursor, calendar }, now);
        const due = open.filter(({ dueAt, held }) => dueAt <= now && held > now).map(refOf);
        expect(planned.deferrals.map(({ reasons: _why, ...ref }) => ref)).toEqual(due);
        if (due.length > 0) expect(planned.next.kind).toBe('wait');
      }),
      { seed: 12, numRuns: 120 },
    );
  });
});

describe('an enrolment to which nothing happens', () => {
  const quiet = lives.map((life) => ({ ...life, happenings: [], settledAfter: null }));
  const always = (name: string, property: (lived: Lived, life: Life) => void): void =>
    it(name, () => {
      fc.assert(
        fc.property(quiet, (life) => property(live(life), life)),
        { seed: 4711, numRuns: 120 },
      );
    });

  always(
    'sends two messages at one instant only where the ladder names it for both',
    ({ walk }, { document }) => {
      const sent = walk.decisions.filter(reached);
      const of = occurrenceOf(walk, document);
      sent.forEach((later, i) => {
        const before = sent[i - 1];
        if (!before || before.at !== later.at) return;
        const countsFromBefore = of(later)?.step.at?.anchor === 'previous_step';
        expect(countsFromBefore || of(before)?.nominal === of(later)?.nominal).toBe(true);
      });
    },
  );

  always('keeps the distances of its overdue steps, but for two days', ({ walk }, { document }) => {
    const of = occurrenceOf(walk, document);
    const overdue = walk.decisions.filter((one) => reached(one) && of(one)?.lane === 'after');
    overdue.forEach((later, i) => {
      const before = overdue[i - 1];
      if (!before) return;
      const wanted = (of(later)?.nominal ?? NaN) - (of(before)?.nominal ?? NaN);
      expect(later.at - before.at).toBeGreaterThanOrEqual(Math.min(wanted, Math.max(0, wanted - 2 * DAY)));
    });
  });
});

describe('plan', () => {
  const moments = fc.tuple(lives, fc.integer({ min: 0, max: 120 * 24 }));

  it('is pure: frozen input gives the same plan twice', () => {
    fc.assert(
      fc.property(moments, ([life, hours]) => {
        const { walk } = live({ ...life, settledAfter: null });
        const now = startOfDay(ISSUED, life.zone) + hours * HOUR;
        const [facts, cursor, document] = [walk.facts, walk.cursor, life.document].map(deepFrozen) as [
          typeof walk.facts,
          typeof walk.cursor,
          CampaignDocument,
        ];
        const once = plan(facts, document, cursor, now, calendar);
        expect(plan(facts, document, cursor, now, calendar)).toEqual(once);
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  it('is idempotent: planned again from its own cursor it skips nothing more and says the same', () => {
    fc.assert(
      fc.property(moments, ([life, hours]) => {
        const facts = factsAtFirst(life);
        const now = facts.enrolledAt + hours * HOUR;
        const first = plan(facts, life.document, initialCursor(), now, calendar);
        const again = plan(facts, life.document, first.cursor, now, calendar);
        expect(again).toEqual({ ...first, skips: [], deferrals: [] });
      }),
      { seed: 6, numRuns: 120 },
    );
  });

  it('wakes no later than the deadline of what it waits for', () => {
    fc.assert(
      fc.property(moments, ([life, hours]) => {
        const facts = factsAtFirst(life);
        const now = facts.enrolledAt + hours * HOUR;
        const { cursor } = plan(facts, life.document, initialCursor(), now, calendar);
        const { open } = schedule({ facts, document: life.document, cursor, calendar }, now);
        for (const { at, deadline } of open) expect(at).toBeLessThanOrEqual(deadline);
      }),
      { seed: 9, numRuns: 120 },
    );
  });

  it('takes a ladder of the longest durations', () => {
    const repeat = { every: 'P10Y', max: 12 };
    const content = { send: ['email' as const], template: 't', repeat };
    const long = campaignOf([
      { key: 'a', at: { anchor: 'due_date', offset: 'P10Y' }, ...content },
      { key: 'b', at: { anchor: 'previous_step', offset: 'P10Y' }, ...content },
    ]);
    expect(new Walk(factsOf(), long).until().decisions).toHaveLength(24);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
}
