import { bindingPolicies, type PolicySubject } from './binding.js';
import { PROFILES } from './profiles.js';

const subject = (overrides: Partial<PolicySubject>): PolicySubject => ({
  customer: 'person',
  country: 'US',
  region: 'US-MA',
  party: 'third',
  stage: 'after_due',
  ...overrides,
});

describe('the policies that bind', () => {
  it.each([
    [{}, ['courteous', 'us-reg-f', 'us-ma']],
    [{ party: 'first' }, ['courteous', 'us-ma']],
    [{ customer: 'company' }, ['courteous']],
    [{ region: 'FL' }, ['courteous', 'us-reg-f', 'us-fl']],
    [{ region: 'ny', country: 'us' }, ['courteous', 'us-reg-f', 'us-nyc']],
    [{ region: 'TX' }, ['courteous', 'us-reg-f']],
    // Where somebody lives in a country is not known: every region's law may be theirs.
    [{ region: null }, ['courteous', 'us-reg-f', 'us-ma', 'us-fl', 'us-nyc']],
    [{ country: null, region: null }, ['courteous']],
    [{ country: 'RU', region: null }, ['courteous', 'ru-230-fz']],
    [{ country: 'RU', region: null, stage: 'before_due' }, ['courteous']],
  ] as const)('%j: %j', (overrides, keys) => {
    expect(bindingPolicies(PROFILES, subject(overrides), 'courteous').map(({ key }) => key)).toEqual(keys);
  });
});
