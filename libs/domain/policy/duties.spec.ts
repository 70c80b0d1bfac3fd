import { campaignOf, dueStep, factsOf, local } from '#domain/facts.factory.js';
import type { CustomerFacts, EnrolmentFacts, PointFacts } from '#domain/facts.js';
import { chooseRecipient } from '#domain/planning/recipients.js';
import { factsUnder, owesOptOut } from './duties.js';

const document = campaignOf([dueStep('overdue', 'P1D', { send: ['email', 'sms'] })], { policy: 'courteous' });
const [step] = document.steps;

const point = (kind: 'email' | 'phone', more: Partial<PointFacts> = {}): PointFacts => ({
  id: kind,
  kind,
  status: 'active',
  ...more,
});

const newYorker = (points: PointFacts[], more: Partial<CustomerFacts> = {}) => ({
  kind: 'person' as const,
  country: 'US',
  region: 'US-NY',
  zone: 'America/New_York',
  people: [{ id: 'P1', roles: [], points }],
  ...more,
});

const reached = (facts: EnrolmentFacts, policy = document) => {
  const { customer } = factsUnder(policy, facts);
  const recipient = step && chooseRecipient(step, customer, []);
  return recipient?.kind === 'found' ? recipient.medium : recipient?.reason;
};

const third = { party: 'third' as const };

describe('a consent that a policy asks for', () => {
  it.each([
    ['nothing was said', [point('email'), point('phone')], 'no_consent'],
    ['one address has it', [point('email'), point('phone', { consents: { sms: 'granted' } })], 'sms'],
    ['it was withdrawn', [point('email', { consents: { email: 'withdrawn' } })], 'no_consent'],
    ['it is there', [point('email', { consents: { email: 'granted' } })], 'email'],
    ['it is of another medium', [point('email', { consents: { sms: 'granted' } })], 'no_consent'],
  ] as const)('New York, by electronic means, where %s', (_, points, expected) => {
    expect(reached(factsOf({ ...third, customer: newYorker([...points]) }))).toBe(expected);
  });

  it.each([
    ['of a company', { ...third, customer: newYorker([point('email')], { kind: 'company' }) }],
    ['elsewhere', { ...third, customer: newYorker([point('email')], { region: 'US-TX' }) }],
    ['of the creditor itself', { customer: newYorker([point('email')]) }],
    [
      'where it is switched off',
      { ...third, switchedOff: ['us-nyc/electronic_by_consent'], customer: newYorker([point('email')]) },
    ],
    [
      'where the policy is switched off',
      { ...third, switchedOff: ['us-nyc'], customer: newYorker([point('email')]) },
    ],
  ])('is not asked for %s', (_, facts) => {
    expect(reached(factsOf(facts))).toBe('email');
  });

  it('is asked for by a campaign that names the policy, of anybody, and by none that wants no policy', () => {
    const facts = factsOf({ customer: { people: [{ id: 'P1', roles: [], points: [point('email')] }] } });
    expect(reached(facts)).toBe('email');
    expect(reached(facts, { ...document, policy: 'us-nyc' })).toBe('no_consent');
    expect(
      reached(factsOf({ ...third, customer: newYorker([point('email')]) }), { ...document, policy: 'none' }),
    ).toBe('email');
  });
});

describe('how to get no more messages', () => {
  const texan = factsOf({ ...third, customer: newYorker([], { region: 'US-TX' }) });
  const now = local('2026-04-10 10:00');

  it('is owed by third parties to persons in the United States, by each written medium', () => {
    for (const medium of ['email', 'sms', 'telegram'] as const)
      expect(owesOptOut(document, texan, medium, now)).toBe(true);
    expect(owesOptOut(document, { ...texan, party: 'first' }, 'sms', now)).toBe(false);
    expect(owesOptOut(document, { ...texan, switchedOff: ['us-reg-f'] }, 'sms', now)).toBe(false);
    expect(owesOptOut({ policy: 'none' }, texan, 'sms', now)).toBe(false);
  });
});
