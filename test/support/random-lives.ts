import fc from 'fast-check';
import {
  customerFactsOf,
  factsOf,
  holdOf,
  invoiceFactsOf,
  paid,
  partFactsOf,
  pointsOf,
} from '#domain/facts.factory.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { ladders } from './random-ladders.js';
import { addDays, startOfDay } from '#domain/local-time.js';
import { holidayCalendar } from '#domain/working-days.js';
import type { StepOutcome } from '#domain/planning/outcome.js';
import { Walk } from '#domain/planning/walk.factory.js';

/** Random lives of an enrolment, for property tests: a ladder, facts, and what happens along the way. */

const DAY = 86_400_000;
export const ISSUED: LocalDate = '2026-03-01';
const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'UTC',
  'Pacific/Apia',
);
const day = (from: number, to: number): fc.Arbitrary<LocalDate> =>
  fc.integer({ min: from, max: to }).map((days) => addDays(ISSUED, days));
export const calendar = holidayCalendar((date) => date.endsWith('-01'));

/** What may happen to an enrolment: days after the issue, and what changes then. */
const happening = fc.record({
  days: fc.integer({ min: 0, max: 120 }),
  hour: fc.integer({ min: 0, max: 23 }),
  change: fc.oneof(
    fc.record({ kind: fc.constant('hold' as const), days: fc.option(fc.integer({ min: 1, max: 40 })) }),
    fc.record({ kind: fc.constant('promise' as const), days: fc.integer({ min: 0, max: 30 }) }),
    fc.record({
      kind: fc.constant('resume' as const),
      days: fc.integer({ min: 1, max: 40 }),
      rule: fc.constantFrom('next_step' as const, 'step' as const, 'restart' as const),
    }),
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

export const lives = fc.record({
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
export type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

export function factsAtFirst({
  document,
  zone,
  dueOn,
  instalments,
  enrolledAfter,
  points,
}: Life): EnrolmentFacts {
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
        promises: [
          ...kept,
          { sequence: promises.length + 1, madeAt: now, promisedOn, cancelled: false, amount: 1, paid: 0 },
        ],
        holds: [...holds, holdOf({ id: `P${holds.length}`, kind: 'promise', until })],
      };
    }
    case 'due':
      return { invoice: { ...invoice, dueOn: addDays(invoice.dueOn, change.days) } };
    case 'resume': {
      const from = now - change.days * DAY;
      const how = change.rule === 'step' ? { rule: change.rule, step: 's1' } : { rule: change.rule };
      return { holds: [], resumptions: [...facts.resumptions, { ...how, from, at: now }] };
    }
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
      return {
        requestedAnswers: [...facts.requestedAnswers, { id: `A${now}`, medium: 'email', notBefore: null }],
      };
    default:
      return {};
  }
}

export interface Lived {
  walk: Walk;
  settledAt: Instant | null;
}

/**
 * Lives through everything that happens, in order; an outage is a happening that nobody plans before.
 *
 * @param options `plansDaily`: for some months it is planned every day, though nothing changed
 */
export function live(life: Life, { plansDaily = false } = {}): Lived {
  const left = [...life.outcomes];
  const first = factsAtFirst(life);
  const walk = new Walk(first, life.document, () => left.shift() ?? { kind: 'accepted' }, calendar);
  const start = startOfDay(ISSUED, life.zone);
  const settledAt =
    life.settledAfter === null ? null : Math.max(first.enrolledAt + 1, start + life.settledAfter * DAY);
  const sorted = life.happenings
    .map((each) => ({
      each,
      at: Math.max(first.enrolledAt, start + each.days * DAY + each.hour * 3_600_000),
    }))
    .filter(({ at }) => at < (settledAt ?? Infinity))
    .sort((a, b) => a.at - b.at);
  const until = (end: Instant): Walk => {
    while (plansDaily && !walk.ended && walk.now + DAY < Math.min(end, start + 200 * DAY))
      walk.until(walk.now + DAY).change({});
    return walk.until(end);
  };
  walk.until(walk.now);
  for (const { each, at } of sorted) {
    if (each.change.kind === 'outage') walk.now = at;
    else until(at).change(changed(walk.facts, each, at));
  }
  if (settledAt !== null)
    until(settledAt - 1)
      .down(settledAt)
      .change({ invoice: paid(walk.facts.invoice) });
  until(start + 2_000 * DAY);
  return { walk, settledAt };
}
