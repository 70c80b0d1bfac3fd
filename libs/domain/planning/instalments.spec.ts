import { campaignOf, dueStep, factsOf, local, partFactsOf } from '#domain/facts.factory.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { PlanFacts } from '#domain/instalments.js';
import { Walk } from './walk.factory.js';

const ladder = campaignOf(
  [
    dueStep('soft', 'P1D'),
    dueStep('coming', 'P0D', { at: { anchor: 'instalment_date', offset: '-P3D', time: '10:00' } }),
    dueStep('missed', 'P0D', { at: { anchor: 'instalment_date', offset: 'P2D', time: '10:00' } }),
    dueStep('firm', 'P10D'),
    dueStep('last', 'P40D'),
  ],
  { onPromiseBroken: 'last' },
);

const plan = (paidInTime: readonly number[] = []): PlanFacts => ({
  number: 1,
  agreedAt: local('2026-04-02 12:00'),
  parts: ['2026-05-01', '2026-06-01'].map((dueOn, n) => ({
    dueOn,
    amount: 5_000,
    paidInTime: paidInTime[n] ?? 0,
  })),
  paid: Math.max(0, ...paidInTime),
  graceDays: 3,
  missesAllowed: 1,
});

/** The step before the plan has gone out. */
const agreed = (): Walk => new Walk(factsOf(), ladder).until('2026-04-02 12:00').change({ plan: plan() });

const paid = (minor: number): Partial<EnrolmentFacts> => ({
  plan: plan([minor, minor]),
  invoice: { ...factsOf().invoice, parts: [partFactsOf({ paid: minor })] },
});

describe('a ladder under a plan of instalments', () => {
  it('speaks of the instalments alone, each by itself', () => {
    const walk = agreed().until('2026-05-01 12:00').change(paid(5_000)).until('2026-06-03 12:00');
    expect(walk.log).toEqual([
      // Of the invoice itself, which is one part.
      '2026-03-28 10:00 coming email',
      '2026-04-01 10:00 soft email',
      '2026-04-02 10:00 missed email',
      '2026-04-28 10:00 coming email',
      '2026-05-29 10:00 coming email',
      '2026-06-03 10:00 missed email',
    ]);
    expect(walk.deferrals.at(-1)).toContain('On hold: plan.');
  });

  it('goes on where the campaign says when an instalment was missed, and its grace is over', () => {
    const walk = agreed().until('2026-06-10 12:00');
    expect(walk.log).toEqual([
      // Of the invoice itself, which is one part.
      '2026-03-28 10:00 coming email',
      '2026-04-01 10:00 soft email',
      '2026-04-02 10:00 missed email',
      '2026-04-28 10:00 coming email',
      '2026-05-03 10:00 missed email',
      '2026-05-05 10:00 firm passed_over',
      '2026-05-10 10:00 last email',
    ]);
  });

  it('ends with the money, and not with the last instalment alone', () => {
    const walk = agreed().until('2026-05-01 12:00').change(paid(5_000)).until('2026-05-30 12:00');
    expect(walk.ended).toBeNull();
    expect(
      walk.change({ ...paid(10_000), invoice: { ...factsOf().invoice, status: 'settled', parts: [] } }).ended,
    ).toBe('settled');
  });

  it('goes on as before when the plan is cancelled', () => {
    const walk = agreed().until('2026-04-20 12:00').change({ plan: null }).until('2026-05-12');
    expect(walk.log.some((line) => line.endsWith('firm email'))).toBe(true);
  });
});

describe('a step about an invoice of which nothing is due', () => {
  it('is not sent: a milestone that is not done is asked for by nobody', () => {
    const parts = [partFactsOf({ dueOn: null, milestone: 'delivery' })];
    const walk = new Walk(factsOf({ invoice: { parts } }), campaignOf([dueStep('overdue', 'P1D')]));
    expect(walk.until('2026-04-05').log).toEqual(['2026-04-01 10:00 overdue not_due']);
  });
});
