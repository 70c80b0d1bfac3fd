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

/** Of those, the ones about when and how often, which differ by where somebody is. */
const timed = ({ rules }: (typeof PROFILES)[number]): boolean => rules.length > 0;

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
    [{ country: 'GB', region: null, party: 'first' }, ['courteous', 'uk-conc']],
  ] as const)('%j: %j', (overrides, keys) => {
    expect(
      bindingPolicies(PROFILES.filter(timed), subject(overrides), 'courteous').map(({ key }) => key),
    ).toEqual(keys);
  });

  it.each([
    [{ customer: 'company', country: 'DE', region: null }, ['eu-b2b', 'platforms', 'mail']],
    [{ customer: 'company', country: 'DE', region: null, stage: 'before_due' }, ['platforms', 'mail']],
    [{ customer: 'company', country: 'CH', region: null }, ['platforms', 'mail']],
    [{ country: 'GB', region: null }, ['uk-breathing-space', 'platforms', 'mail']],
    [{ region: 'TX', party: 'first' }, ['us-tcpa', 'platforms', 'mail']],
  ] as const)('%j, of those with duties alone: %j', (overrides, keys) => {
    const others = PROFILES.filter((each) => !timed(each));
    expect(bindingPolicies(others, subject(overrides), 'none').map(({ key }) => key)).toEqual(keys);
  });
});
