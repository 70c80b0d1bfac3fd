import fc from 'fast-check';
import { campaignOf, dueStep, factsOf, local, partFactsOf } from './facts.factory.js';
import type { EnrolmentFacts, PartFacts } from './facts.js';
import {
  askedBy,
  breaksAt,
  dueBy,
  occurrenceOf,
  partOf,
  type PlanFacts,
  planParts,
  stateOf,
} from './instalments.js';
import { addDays, localDateOf, startOfDay } from './local-time.js';

const ZONE = 'Europe/Berlin';

/** Three instalments of 100.00, of which so much came in time for each. */
const planOf = (paidInTime: readonly number[], overrides: Partial<PlanFacts> = {}): PlanFacts => ({
  number: 1,
  agreedAt: local('2026-04-01 12:00'),
  parts: ['2026-05-01', '2026-06-01', '2026-07-01'].map((dueOn, index) => ({
    dueOn,
    amount: 10_000,
    paidInTime: paidInTime[index] ?? 0,
  })),
  paid: Math.max(0, ...paidInTime),
  graceDays: 3,
  missesAllowed: 1,
  ...overrides,
});

const endOf = (plan: PlanFacts): string | null => {
  const at = breaksAt(plan, ZONE);
  return at === null ? null : localDateOf(at, ZONE);
};

describe('a plan of instalments', () => {
  it.each([
    [[0, 0, 0], '2026-05-05'],
    [[9_999, 9_999, 9_999], '2026-05-05'],
    [[10_000, 10_000, 10_000], '2026-06-05'],
    [[10_000, 20_000, 20_000], '2026-07-05'],
    [[30_000, 30_000, 30_000], null],
    // Late money keeps no part that was missed before it came.
    [[0, 30_000, 30_000], '2026-05-05'],
  ] as const)('%j in time: broken on %s, if nothing more comes', (paid, end) => {
    expect(endOf(planOf(paid))).toBe(end);
  });

  it('forgives as many as it says, and none after the last', () => {
    expect(endOf(planOf([0, 0, 0], { missesAllowed: 2 }))).toBe('2026-06-05');
    expect(endOf(planOf([0, 20_000, 20_000], { missesAllowed: 2 }))).toBe('2026-07-05');
    expect(endOf(planOf([0, 20_000, 20_000], { missesAllowed: 5 }))).toBe('2026-07-05');
    expect(endOf(planOf([0, 0, 0], { graceDays: 0 }))).toBe('2026-05-02');
  });

  it('is active until that moment, broken from it on, and kept when all came in time', () => {
    const plan = planOf([0, 0, 0]);
    const end = startOfDay('2026-05-05', ZONE);
    expect(stateOf(plan, ZONE, end - 1)).toBe('active');
    expect(stateOf(plan, ZONE, end)).toBe('broken');
    expect(stateOf(planOf([30_000, 30_000, 30_000]), ZONE, end)).toBe('kept');
  });

  it('is active while the rest is announced, and neither broken nor kept by that', () => {
    const plan = planOf([30_000, 30_000, 30_000], { paid: 10_000 });
    expect(stateOf(plan, ZONE, startOfDay('2026-06-05', ZONE))).toBe('active');
  });

  it('is paid from its first part on, so that the last one alone is never what was paid', () => {
    const plans = fc.record({
      amounts: fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 2, maxLength: 12 }),
      paid: fc.nat(700_000),
    });
    fc.assert(
      fc.property(plans, ({ amounts, paid }) => {
        const parts = amounts.map((amount, n) => ({
          dueOn: addDays('2026-05-01', n),
          amount,
          paidInTime: paid,
        }));
        const found = planParts({ parts, paid });
        const total = amounts.reduce((sum, amount) => sum + amount, 0);
        expect(found.reduce((sum, { open }) => sum + open, 0)).toBe(Math.max(0, total - paid));
        const firstOpen = found.findIndex(({ open }) => open > 0);
        if (firstOpen >= 0)
          for (const part of found.slice(firstOpen + 1)) expect(part.open).toBe(part.amount);
        expect(breaksAt(planOf([], { parts, paid }), ZONE) === null).toBe(paid >= total);
      }),
    );
  });
});

const [instalment, whole, milestone] = campaignOf([
  dueStep('instalment', 'P1D', { at: { anchor: 'instalment_date', offset: '-P3D', time: '10:00' } }),
  dueStep('whole', 'P1D'),
  { key: 'done', on: 'milestone_completed', send: ['email'], template: 'overdue' },
]).steps;
if (!instalment || !whole || !milestone) throw new Error('a ladder of three');

const part = (sequence: number, overrides: Partial<PartFacts>): PartFacts =>
  partFactsOf({ sequence, amount: 10_000, ...overrides });

const staged = (parts: PartFacts[], overrides: Partial<EnrolmentFacts> = {}): EnrolmentFacts =>
  factsOf({ ...overrides, invoice: { parts, dueOn: '2026-05-01' } });

describe('what a step asks for', () => {
  const now = local('2026-04-28 10:00');
  const dated = [
    part(1, { dueOn: '2026-04-01' }),
    part(2, { dueOn: '2026-05-01' }),
    part(3, { dueOn: '2026-06-01' }),
  ];

  it('is all of an invoice that is due by one date, however early it is', () => {
    expect(askedBy(factsOf(), { step: whole, occurrence: 0 }, local('2026-01-01 10:00'))).toBe(10_000);
  });

  it('is the part it speaks of and what is due before that', () => {
    const facts = staged(dated);
    expect(askedBy(facts, { step: instalment, occurrence: 2 }, now)).toBe(20_000);
    expect(askedBy(facts, { step: instalment, occurrence: 3 }, now)).toBe(30_000);
    expect(
      askedBy(
        staged([part(1, { dueOn: '2026-04-01', paid: 10_000 }), ...dated.slice(1)]),
        { step: instalment, occurrence: 2 },
        now,
      ),
    ).toBe(10_000);
  });

  it('is what is due by the date of the invoice where it speaks of that, or by today', () => {
    expect(askedBy(staged(dated), { step: whole, occurrence: 0 }, now)).toBe(20_000);
    expect(askedBy(staged(dated), { step: whole, occurrence: 0 }, local('2026-06-01 10:00'))).toBe(30_000);
  });

  it('is never a part whose milestone is not done', () => {
    const open = part(1, { dueOn: null, milestone: 'delivery' });
    expect(dueBy(staged([open, part(2, { dueOn: '2026-04-01' })]), { step: whole, occurrence: 0 }, now)).toBe(
      10_000,
    );
    expect(dueBy(staged([open]), { step: whole, occurrence: 0 }, now)).toBe(0);
    expect(
      dueBy(
        staged([{ ...open, dueOn: '2026-05-12', completedAt: now }]),
        { step: milestone, occurrence: 1 },
        now,
      ),
    ).toBe(10_000);
  });

  it('leaves what is disputed out', () => {
    const holds = [{ id: 'H', kind: 'dispute' as const, until: null, amount: 3_000 }];
    expect(askedBy(staged(dated, { holds }), { step: instalment, occurrence: 2 }, now)).toBe(17_000);
  });

  it('is an instalment of a plan while that stands, and all that is open when it is broken', () => {
    const plan = planOf([10_000, 10_000, 10_000]);
    const facts = staged([part(1, { dueOn: '2026-03-01', amount: 40_000, paid: 20_000 })], { plan });
    const second = { step: instalment, occurrence: occurrenceOf(plan, 2) };
    expect(partOf(facts, second, now)).toMatchObject({ number: 2, count: 3, open: 10_000 });
    expect(askedBy(facts, second, now)).toBe(10_000);
    expect(askedBy(facts, { step: whole, occurrence: 0 }, local('2026-06-05 10:00'))).toBe(20_000);
  });

  it('is never more than what is open', () => {
    const arbitrary = fc.array(
      fc.record({
        due: fc.option(fc.nat(60)),
        amount: fc.integer({ min: 1, max: 9_999 }),
        share: fc.nat(100),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(arbitrary, fc.nat(90), (list, day) => {
        const parts = list.map(({ due, amount, share }, n) =>
          part(n + 1, {
            amount,
            paid: Math.floor((amount * share) / 100),
            dueOn: due === null ? null : addDays('2026-04-01', due),
            milestone: due === null ? `stage ${n}` : null,
          }),
        );
        const facts = staged(parts);
        const at = local(`${addDays('2026-04-01', day)} 10:00`);
        const notDue = parts.filter(({ dueOn }) => dueOn === null);
        const open = (some: PartFacts[]): number =>
          some.reduce((sum, { amount, paid }) => sum + amount - paid, 0);
        for (const step of [instalment, whole, milestone])
          for (const occurrence of parts.map(({ sequence }) => sequence))
            expect(askedBy(facts, { step, occurrence }, at)).toBeLessThanOrEqual(open(parts) - open(notDue));
      }),
    );
  });
});
