import fc from 'fast-check';
import { BERLIN, campaignOf, dueStep, factsOf, local, partFactsOf } from '#domain/facts.factory.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import { breaksAt, occurrenceOf, partOf, type PlanFacts, stateOf } from '#domain/instalments.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { addDays, startOfDay } from '#domain/local-time.js';
import { Walk } from './walk.factory.js';

const AGREED = local('2026-04-02 12:00');
const FIRST: LocalDate = '2026-04-20';
const STEPS = 2;

const at = (offset: string) => ({ at: { anchor: 'instalment_date' as const, offset, time: '10:00' } });
const ladder = campaignOf(
  [
    dueStep('coming', 'P0D', at('-P3D')),
    dueStep('missed', 'P0D', at('P2D')),
    dueStep('later', 'P30D'),
    dueStep('last', 'P60D'),
  ],
  { onPromiseBroken: 'last' },
);

interface Paid {
  at: Instant;
  amount: number;
}
interface Story {
  parts: { dueOn: LocalDate; amount: number }[];
  payments: Paid[];
  graceDays: number;
  missesAllowed: number;
}

const stories: fc.Arbitrary<Story> = fc
  .record({
    parts: fc.array(
      fc.record({ gap: fc.integer({ min: 7, max: 40 }), amount: fc.integer({ min: 1, max: 9_999 }) }),
      {
        minLength: 2,
        maxLength: 5,
      },
    ),
    payments: fc.array(fc.record({ day: fc.nat(150), amount: fc.integer({ min: 1, max: 9_999 }) }), {
      maxLength: 6,
    }),
    graceDays: fc.nat(6),
    missesAllowed: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ parts, payments, ...rule }) => ({
    ...rule,
    parts: parts.map(({ amount }, index) => ({
      amount,
      dueOn: addDays(
        FIRST,
        parts.slice(0, index).reduce((days, { gap }) => days + gap, 0),
      ),
    })),
    payments: payments
      .map(({ day, amount }) => ({ at: local(`${addDays('2026-04-03', day)} 12:00`), amount }))
      .sort((one, other) => one.at - other.at),
  }));

const sum = (amounts: readonly { amount: number }[]): number =>
  amounts.reduce((all, { amount }) => all + amount, 0);

/** What the store would tell at an instant. */
function planAt({ parts, payments, graceDays, missesAllowed }: Story, now: Instant): PlanFacts {
  const cameBefore = (end: Instant): number =>
    sum(payments.filter((paid) => paid.at <= now && paid.at < end));
  return {
    ...{ number: 1, agreedAt: AGREED, graceDays, missesAllowed, paid: cameBefore(Infinity) },
    parts: parts.map(({ dueOn, amount }) => ({
      ...{ dueOn, amount },
      paidInTime: cameBefore(startOfDay(addDays(dueOn, graceDays + 1), BERLIN)),
    })),
  };
}

function factsAt(story: Story, now: Instant): Pick<EnrolmentFacts, 'plan' | 'invoice'> {
  const [total, plan] = [sum(story.parts), planAt(story, now)];
  const { invoice } = factsOf({
    invoice: { parts: [partFactsOf({ amount: total, paid: Math.min(total, plan.paid) })] },
  });
  return { plan, invoice: { ...invoice, status: plan.paid >= total ? 'settled' : 'open' } };
}

/** Agreed before anything was due of it, walked payment by payment. */
function walked(story: Story): Walk {
  const walk = new Walk(factsOf({ invoice: factsAt(story, AGREED).invoice }), ladder);
  walk.until(AGREED).change(factsAt(story, AGREED));
  for (const paid of story.payments) walk.until(paid.at).change(factsAt(story, paid.at));
  return walk.until(local('2027-01-31 12:00'));
}

const ofPart = (walk: Walk) =>
  walk.decisions.filter(
    ({ occurrence, how }) => occurrence >= occurrenceOf({ number: 1 }, 0) && how === 'sent',
  );

describe('whatever instalments are agreed on and paid', () => {
  it('each is reminded of at most as often as its steps say, each step once', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const sent = ofPart(walked(story)).map(({ step, occurrence }) => `${step} ${occurrence}`);
        expect(new Set(sent).size).toBe(sent.length);
        expect(sent.length).toBeLessThanOrEqual(story.parts.length * STEPS);
      }),
    );
  });

  it('none that is paid is reminded of, and none that comes after the end of the plan', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { at: now, occurrence } of ofPart(walked(story))) {
          const plan = planAt(story, now);
          // The oldest is paid first.
          const upToIt = story.parts.filter((_, index) => occurrenceOf(plan, index + 1) <= occurrence);
          expect(sum(upToIt)).toBeGreaterThan(plan.paid);
          expect(stateOf(plan, BERLIN, now)).toBe('active');
        }
      }),
    );
  });

  it('nothing else is sent while the plan stands, and what is broken is taken up without anybody asking', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const walk = walked(story);
        const others = walk.decisions.filter(
          ({ how, at: now, occurrence }) =>
            how === 'sent' && now > AGREED && occurrence < occurrenceOf({ number: 1 }, 0),
        );
        for (const { at: now } of others) expect(stateOf(planAt(story, now), BERLIN, now)).toBe('broken');
        const end = planAt(story, Infinity);
        const broken = breaksAt(end, BERLIN);
        if (broken !== null && end.paid < sum(story.parts))
          expect(others.map(({ step }) => step)).toEqual(['last']);
      }),
    );
  });

  it('the money of the last one alone leaves the whole open', () => {
    fc.assert(
      fc.property(stories, ({ parts, ...rule }) => {
        const [last] = parts.slice(-1);
        const story = { ...rule, parts, payments: [{ at: AGREED + 1, amount: last?.amount ?? 0 }] };
        const { plan, invoice } = factsAt(story, AGREED + 1);
        expect(invoice.status).toBe('open');
        expect(plan && breaksAt(plan, BERLIN)).not.toBeNull();
        expect(walked(story).ended).not.toBe('settled');
      }),
    );
  });

  it('a reminder of a part names that part', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const { at: now, occurrence, step } of ofPart(walked(story))) {
          const facts = factsOf(factsAt(story, now));
          const found = ladder.steps.find(({ key }) => key === step);
          if (!found) throw new Error(step);
          const { number } = partOf(facts, { step: found, occurrence }, now) ?? {};
          expect(occurrenceOf({ number: 1 }, number ?? 0)).toBe(occurrence);
        }
      }),
    );
  });
});
