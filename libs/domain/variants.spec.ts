import fc from 'fast-check';
import { campaignOf, dueStep } from './facts.factory.js';
import type { Step } from './campaign/document.js';
import { assignVariant, experimentOf, fraction } from './variants.js';

const stepWith = (weights: Record<string, number>): Step => {
  const variants = Object.entries(weights).map(([key, weight]) => ({ key, weight, template: `t-${key}` }));
  const [step] = campaignOf([dueStep('overdue', 'P1D', { template: undefined, variants })]).steps;
  if (!step) throw new Error('A campaign has a step.');
  return step;
};

const draw = (
  step: Step,
  customer: string,
  exposures: Record<string, string> = {},
  campaign = 'standard',
): string => assignVariant(step, campaign, customer, exposures).variantKey;

const customers = Array.from({ length: 20_000 }, (_, i) => `customer-${i}`);

/** How many of the customers each arm gets. */
function counts(step: Step, campaign?: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const customer of customers) {
    const arm = draw(step, customer, {}, campaign);
    found[arm] = (found[arm] ?? 0) + 1;
  }
  return found;
}

describe('assignVariant', () => {
  it('gives the template of a step without variants, and logs no experiment', () => {
    const [step] = campaignOf([dueStep('overdue', 'P1D')]).steps;
    expect(assignVariant(step as Step, 'standard', 'C1', {})).toEqual({
      variantKey: 'only',
      template: 'overdue',
      experiment: null,
      seed: '',
    });
  });

  it('gives a customer the same arm every time, whatever the invoice, and says what it drew from', () => {
    const step = stepWith({ plain: 1, firm: 1 });
    const arm = assignVariant(step, 'standard', 'C1', {});
    expect(arm).toMatchObject({ experiment: 'standard/overdue', seed: 'standard/overdue/C1' });
    expect(arm.template).toBe(`t-${arm.variantKey}`);
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (customer) => draw(step, customer) === draw(step, customer),
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('keeps the arm a customer was shown, whatever the weights become', () => {
    const other = draw(stepWith({ plain: 1, firm: 1 }), 'C1') === 'plain' ? 'firm' : 'plain';
    const shown = { [experimentOf('standard', 'overdue')]: other };
    expect(draw(stepWith({ plain: 1, firm: 1 }), 'C1', shown)).toBe(other);
    expect(draw(stepWith({ plain: 1, firm: 1, [other]: 0 }), 'C1', shown)).toBe(other);
  });

  it('draws again where the arm shown is no longer offered', () => {
    const shown = { [experimentOf('standard', 'overdue')]: 'gone' };
    expect(['plain', 'firm']).toContain(draw(stepWith({ plain: 1, firm: 1 }), 'C1', shown));
  });

  it('heeds no arm of another step or campaign', () => {
    const step = stepWith({ plain: 0, firm: 1 });
    expect(draw(step, 'C1', { 'standard/other': 'plain', 'other/overdue': 'plain' })).toBe('firm');
  });

  it('divides customers by the weights, within four standard deviations', () => {
    const found = counts(stepWith({ a: 1, b: 2, c: 7 }));
    for (const [arm, share] of [
      ['a', 0.1],
      ['b', 0.2],
      ['c', 0.7],
    ] as const) {
      const deviation = Math.sqrt(customers.length * share * (1 - share));
      expect(Math.abs((found[arm] ?? 0) - customers.length * share)).toBeLessThan(4 * deviation);
    }
  });

  it('never gives an arm of weight zero', () => {
    expect(counts(stepWith({ a: 0, b: 1, c: 0 }))).toEqual({ b: customers.length });
  });

  it('draws for each experiment independently', () => {
    const step = stepWith({ a: 1, b: 1 });
    const both = customers.filter(
      (each) => draw(step, each) === 'a' && draw(step, each, {}, 'other') === 'a',
    );
    const deviation = Math.sqrt(customers.length * 0.25 * 0.75);
    expect(Math.abs(both.length - customers.length / 4)).toBeLessThan(4 * deviation);
  });

  it('moves few customers when a weight changes a little', () => {
    const [before, after] = [stepWith({ a: 50, b: 50 }), stepWith({ a: 52, b: 48 })];
    const moved = customers.filter((each) => draw(before, each) !== draw(after, each)).length;
    expect(moved / customers.length).toBeLessThan(0.03);
  });
});

describe('fraction', () => {
  it('spreads names that differ in one letter evenly over the whole range', () => {
    const bins = Array.from({ length: 20 }, () => 0);
    for (const customer of customers) {
      const bin = Math.floor(fraction(customer) * bins.length);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const expected = customers.length / bins.length;
    const chiSquare = bins.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(43.8); // 99.9 % point of 19 degrees of freedom
  });

  it('is the same on every installation', () => {
    expect([fraction(''), fraction('standard/overdue/C1')].map((each) => each.toFixed(9))).toEqual([
      '0.668922188',
      '0.630697672',
    ]);
  });
});
