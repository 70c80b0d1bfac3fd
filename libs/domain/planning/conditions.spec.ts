import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  local,
  partFactsOf,
  type StepInput,
} from '#domain/facts.factory.js';
import type { CustomerFacts, EnrolmentFacts, InvoiceFacts } from '#domain/facts.js';
import { Walk } from './walk.factory.js';

const walkOf = (steps: StepInput[], facts: EnrolmentFacts = factsOf()): Walk =>
  new Walk(facts, campaignOf(steps));

describe('validFor', () => {
  const brief = dueStep('brief', 'P1D', { validFor: 'P2D' });
  const sentAt = (moment: string) => walkOf([brief]).down(moment).until().log;

  it('lets a step go out until its time is over, and not at that moment', () => {
    expect(sentAt('2026-04-02 19:59')).toEqual(['2026-04-02 19:59 brief email']);
    expect(sentAt('2026-04-02 20:00')).toEqual(['2026-04-03 10:00 brief too_late']);
    expect(sentAt('2026-04-03 10:00')).toEqual(['2026-04-03 10:00 brief too_late']);
  });

  it('counts from the enrolment for a step that was overdue by then', () => {
    const facts = factsOf({ enrolledAt: local('2026-05-20 15:00') });
    expect(walkOf([brief], facts).until().log).toEqual(['2026-05-20 15:00 brief email']);
  });

  it('ends at its moment though a hold without an end stands, so that the ladder goes on', () => {
    const facts = factsOf({ holds: [holdOf()] });
    expect(walkOf([brief], facts).until('2026-05-01').log).toEqual(['2026-04-03 10:00 brief too_late']);
  });
});

describe('onlyIf', () => {
  const decided = (
    onlyIf: StepInput['onlyIf'],
    customer: Partial<CustomerFacts>,
    owed: Partial<InvoiceFacts>,
  ) =>
    walkOf([dueStep('s', 'P1D', { onlyIf })], factsOf({ customer, invoice: owed })).until().decisions[0]?.by;
  const open = (amount: number, currency = 'EUR') => ({ currency, parts: [partFactsOf({ amount })] });

  it('compares what is open when the step comes due, bounds included', () => {
    const between = { balanceAtLeast: '25.00', balanceAtMost: '50.00' };
    const results = [2_499, 2_500, 5_000, 5_001].map((amount) => decided(between, {}, open(amount)));
    expect(results).toEqual(['condition_not_met', 'email', 'email', 'condition_not_met']);
  });

  it('understands 25.00 of a currency without decimals, and of one with three', () => {
    expect([24, 25].map((yen) => decided({ balanceAtLeast: '25.00' }, {}, open(yen, 'JPY')))).toEqual([
      'condition_not_met',
      'email',
    ]);
    expect([24_999, 25_000].map((fils) => decided({ balanceAtLeast: '25' }, {}, open(fils, 'KWD')))).toEqual([
      'condition_not_met',
      'email',
    ]);
  });

  it('asks for the kind of customer and the country, and takes an unknown country for none of them', () => {
    expect(decided({ customerKind: 'person' }, { kind: 'company' }, {})).toBe('condition_not_met');
    expect(decided({ customerKind: 'company' }, { kind: 'company' }, {})).toBe('email');
    expect(decided({ countries: ['AT', 'DE'] }, { country: 'DE' }, {})).toBe('email');
    expect(decided({ countries: ['AT'] }, { country: 'DE' }, {})).toBe('condition_not_met');
    expect(decided({ countries: ['AT'] }, { country: null }, {})).toBe('condition_not_met');
  });
});
