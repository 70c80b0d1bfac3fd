import fc from 'fast-check';
import {
  campaignOf,
  customerFactsOf,
  factsOf,
  holdOf,
  invoiceFactsOf,
  paid,
  partFactsOf,
  pointsOf,
} from '#domain/facts.factory.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { type EnrolmentFacts, openBalance } from '#domain/facts.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { ladders } from '#domain/ladders.factory.js';
import { addDays, startOfDay } from '#domain/local-time.js';
import { holidayCalendar } from '#domain/working-days.js';
import { initialCursor } from './cursor.js';
import { occurrencesOf } from './occurrences.js';
import type { StepOutcome } from './outcome.js';
import { plan } from './plan.js';
import { schedule } from './schedule.js';
import { type Decision, Walk } from './walk.factory.js';

const DAY = 86_400_000;
const ISSUED: LocalDate = '2026-03-01';
const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'UTC',
  'Pacific/Apia',
);
const day = (from: number, to: number): fc.Arbitrary<LocalDate> =>
  fc.integer({ min: from, max: to }).map((days) => addDays(ISSUED, days));
const calendar = holidayCalendar((date) => date.endsWith('-01'));

/** What may happen to an enrolment: days after the issue, and what changes then. */
const happening = fc.record({
  days: fc.integer({ min: 0, max: 120 }),
  hour: fc.integer({ min: 0, max: 23 }),
  change: fc.oneof(
    fc.record({ kind: fc.constant('hold' as const), days: fc.option(fc.integer({ min: 1, max: 40 })) }),
    fc.record({ kind: fc.constant('promise' as const), days: fc.integer({ min: 0, max: 30 }) }),
    fc.record({ kind: fc.constant('due' as const), days: fc.integer({ min: -20, max: 40 }) }),
    fc.record({
      kind: fc.constantFrom('release', 'failed', 'viewed', 'part', 'reversal', 'outage', 'answer'),
    }),
  ),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const outcomes = fc.array(
  fc.constantFrom<StepOutcome>(
    { kind: 'accepted' },
    { kind: 'accepted' },
    { kind: 'unknown' },
    { kind: 'rejected' },
    { kind: 'not_reached' },
    { kind: 'throttled', retryAfterMs: 30_000 },
  ),
  { maxLength: 30 },
);

const lives = fc.record({
  document: ladders(),
  zone: zones,
  dueOn: day(0, 45),
  instalments: fc.array(day(0, 90), { maxLength: 3 }),
  enrolledAfter: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 80 * 24 })),
  points: fc.subarray(pointsOf('email', 'phone', 'telegram')),
  happenings: fc.array(happening, { maxLength: 6 }),
  outcomes,
  settledAfter: fc.option(fc.integer({ min: 0, max: 150 })),
});
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

function factsAtFirst({ document, zone, dueOn, instalments, enrolledAfter, points }: Life): EnrolmentFacts {
  const dates = instalments.length > 0 ? instalments : [dueOn];
  const parts = dates.map((date, i) => partFactsOf({ sequence: i + 1, dueOn: date, amount: 4_000 }));
  const people = [{ id: 'P1', roles: ['accounts_payable'], points }];
  return factsOf({
    entry: document.entry,
    enrolledAt: startOfDay(ISSUED, zone) + enrolledAfter * 3_600_000,
    customer: customerFactsOf({ zone, people, preferred: 'telegram' }),
    invoice: invoiceFactsOf({ issuedOn: ISSUED, dueOn, parts }),
  });
}

function changed(facts: EnrolmentFacts, { change }: Happening, now: Instant): Partial<EnrolmentFacts> {
  const { holds, promises, events, invoice } = facts;
  const zone = facts.customer.zone;
  switch (change.kind) {
    case 'hold':
      return {
        holds: [
          ...holds,
          holdOf({ id: `H${holds.length}`, until: change.days === null ? null : now + change.days * DAY }),
        ],
      };
    case 'promise': {
      const promisedOn = addDays(new Date(now).toISOString().slice(0, 10), change.days);
      const kept = promises.map((each) => ({ ...each, cancelled: true }));
      const until = startOfDay(addDays(promisedOn, 1), zone);
      return {
        promises: [...kept, { sequence: promises.length + 1, promisedOn, cancelled: false }],
        holds: [...holds, holdOf({ id: `P${holds.length}`, kind: 'promise', until })],
      };
    }
    case 'due':
      return { invoice: { ...invoice, dueOn: addDays(invoice.dueOn, change.days) } };
    case 'release':
      return { holds: [] };
    case 'failed':
    case 'viewed': {
      const kind = change.kind === 'failed' ? 'payment_failed' : 'invoice_viewed';
      return { events: [...events, { kind, sequence: events.length + 1, at: now }] };
    }
    case 'part':
      return {
        invoice: {
          ...invoice,
          parts: invoice.parts.map((part, i) => (i === 0 ? { ...part, paid: part.amount - 1 } : part)),
        },
      };
    case 'reversal':
      return { invoice: { ...invoice, parts: invoice.parts.map((part) => ({ ...part, paid: 0 })) } };
    case 'answer':
      return { requestedAnswers: [...facts.requestedAnswers, { id: `A${now}`, medium: 'email' }] };
    default:
      return {};
  }
}

interface Lived {
  walk: Walk;
  settledAt: Instant | null;
}

/** Lives through everything that happens, in order; an outage is a happening that nobody plans before. */
function live(life: Life): Lived {
  const left = [...life.outcomes];
  const first = factsAtFirst(life);
  const walk = new Walk(first, life.document, () => left.shift() ?? { kind: 'accepted' }, calendar);
  const start = startOfDay(ISSUED, life.zone);
  const settledAt =
    life.settledAfter === null ? null : Math.max(first.enrolledAt, start + life.settledAfter * DAY);
  const sorted = life.happenings
    .map((each) => ({
      each,
      at: Math.max(first.enrolledAt, start + each.days * DAY + each.hour * 3_600_000),
    }))
    .filter(({ at }) => at < (settledAt ?? Infinity))
    .sort((a, b) => a.at - b.at);
  walk.until(walk.now);
  for (const { each, at } of sorted) {
    if (each.change.kind === 'outage') walk.now = at;
    else walk.until(at).change(changed(walk.facts, each, at));
  }
  if (settledAt !== null)
    walk
      .until(settledAt - 1)
      .down(settledAt)
      .change({ invoice: paid(walk.facts.invoice) });
  walk.until(start + 2_000 * DAY);
  return { walk, settledAt };
}

const reached = ({ how }: Decision): boolean => how !== 'suppressed';

const check = (name: string, property: (lived: Lived, life: Life) => void, numRuns = 400): void =>
  it(name, () => {
    fc.assert(
      fc.property(lives, (life) => property(live(life), life)),
      { seed: 20260301, numRuns },
    );
  });

describe('whatever the ladder, and whatever happens to the enrolment', () => {
  check('every occurrence is decided at most once', ({ walk }) => {
    const keys = walk.decisions.map(({ step, occurrence }) => `${step}#${occurrence}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  check('nothing goes out before its own moment', ({ walk }) => {
    for (const { at, dueAt } of walk.decisions.filter(reached)) expect(at).toBeGreaterThanOrEqual(dueAt);
  });

  check(
    'nothing goes out at or after the settlement, and nothing is decided after it',
    ({ walk, settledAt }) => {
      if (settledAt === null) return;
      for (const { at, how } of walk.decisions) {
        if (how === 'suppressed') expect(at).toBeLessThanOrEqual(settledAt);
        else expect(at).toBeLessThan(settledAt);
      }
      expect(walk.ended).toBe('settled');
    },
  );

  check('no suppressed step had a moment to come but those of an earlier date', ({ walk }) => {
    const early = walk.decisions.filter(
      ({ how, by, at, dueAt }) => how === 'suppressed' && by !== 'too_late' && at < dueAt,
    );
    expect(early).toEqual([]);
  });

  check('it comes to rest: it ended, or waits for a fact', ({ walk }) => {
    expect(walk.waitsUntil).toBeNull();
  });
});

describe('without anything happening to it', () => {
  const quiet = lives.map((life) => ({ ...life, happenings: [], settledAfter: null }));
  const each = (name: string, property: (lived: Lived, life: Life) => void): void =>
    it(name, () => {
      fc.assert(
        fc.property(quiet, (life) => property(live(life), life)),
        { seed: 4711, numRuns: 400 },
      );
    });

  each(
    'two messages share an instant only where the ladder names it for both, or counts the one from the other',
    ({ walk }, { document }) => {
      const sent = walk.decisions.filter(reached);
      const nominal = nominalOf(walk, document);
      sent.forEach((later, i) => {
        const before = sent[i - 1];
        if (!before || before.at !== later.at) return;
        const counted = document.steps.find(({ key }) => key === later.step)?.at?.anchor === 'previous_step';
        expect(counted || nominal(before) === nominal(later)).toBe(true);
      });
    },
  );

  each(
    'overdue steps that went out keep the distances of the ladder, but for a day',
    ({ walk }, { document, zone }) => {
      const nominal = nominalOf(walk, document);
      const overdue = walk.decisions.filter((one) => reached(one) && isInLane(walk, document, one));
      overdue.forEach((later, i) => {
        const before = overdue[i - 1];
        if (!before) return;
        const wanted = Math.round((nominal(later) - nominal(before)) / DAY);
        const kept = Math.round((later.at - before.at) / DAY);
        expect([zone, kept >= wanted - 2]).toEqual([zone, true]);
      });
    },
  );
});

/** When the ladder names each decided occurrence, seen from the end. */
function nominalOf(walk: Walk, document: CampaignDocument): (decision: Decision) => Instant {
  const all = occurrencesOf({ facts: walk.facts, document, cursor: walk.cursor, calendar });
  return ({ step, occurrence }) =>
    all.find((o) => o.step.key === step && o.occurrence === occurrence)?.nominal ?? NaN;
}

function isInLane(walk: Walk, document: CampaignDocument, { step, occurrence }: Decision): boolean {
  const all = occurrencesOf({ facts: walk.facts, document, cursor: walk.cursor, calendar });
  return all.some((o) => o.step.key === step && o.occurrence === occurrence && o.lane === 'after');
}

describe('plan', () => {
  const moments = fc.tuple(lives, fc.integer({ min: 0, max: 120 * 24 }));

  it('is pure: frozen input gives the same plan twice, and stays as it was', () => {
    fc.assert(
      fc.property(moments, ([life, hours]) => {
        const { walk } = live({ ...life, settledAfter: null });
        const now = startOfDay(ISSUED, life.zone) + hours * 3_600_000;
        const [facts, cursor] = [deepFrozen(walk.facts), deepFrozen(walk.cursor)];
        const twice = [1, 2].map(() => plan(facts, deepFrozen(life.document), cursor, now, calendar));
        expect(twice[0]).toEqual(twice[1]);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('is idempotent: planned again from its own cursor it skips nothing more and says the same', () => {
    fc.assert(
      fc.property(moments, ([life, hours]) => {
        const facts = factsAtFirst(life);
        const now = facts.enrolledAt + hours * 3_600_000;
        const first = plan(facts, life.document, initialCursor(), now, calendar);
        const again = plan(facts, life.document, first.cursor, now, calendar);
        expect(again).toEqual({ ...first, skips: [] });
      }),
      { seed: 6, numRuns: 400 },
    );
  });

  it('survives a trip through JSON, as the cursor is stored', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { walk } = live(life);
        expect(JSON.parse(JSON.stringify(walk.cursor))).toEqual(walk.cursor);
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('lets nothing out at or after its deadline', () => {
    fc.assert(
      fc.property(moments, ([life, hours]) => {
        const facts = factsAtFirst(life);
        const now = facts.enrolledAt + hours * 3_600_000;
        const { next, cursor } = plan(facts, life.document, initialCursor(), now, calendar);
        if (next.kind === 'act' && next.action.kind === 'send')
          expect(now).toBeLessThan(next.action.deadline);
        if (openBalance(facts.invoice) === 0) return;
        for (const { at, deadline } of schedule({ facts, document: life.document, cursor, calendar }, now)
          .open) {
          expect(at).toBeLessThanOrEqual(deadline);
        }
      }),
      { seed: 9, numRuns: 400 },
    );
  });

  it('refuses no ladder of the longest durations', () => {
    const every = { every: 'P10Y', max: 100 };
    const long = campaignOf([
      { key: 'a', at: { anchor: 'due_date', offset: 'P10Y' }, send: ['email'], template: 't', repeat: every },
      {
        key: 'b',
        at: { anchor: 'previous_step', offset: 'P10Y' },
        send: ['email'],
        template: 't',
        repeat: every,
      },
    ]);
    expect(new Walk(factsOf(), long).until().decisions).toHaveLength(200);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
}
