import type { ContactPolicy, PolicyScope } from './policy.js';

/** What decides whether a policy binds. */
export interface PolicySubject {
  customer: 'person' | 'company';
  /** ISO 3166-1 alpha-2; null when unknown. */
  country: string | null;
  /** ISO 3166-2, with or without the country; null when unknown. */
  region: string | null;
  party: 'first' | 'third';
  stage: 'before_due' | 'after_due';
}

/**
 * Those that bind: by their scope, or because a campaign names them, whomever it writes to. Whose country is not known is bound
 * by no country's law; whose region is not, by every one of it.
 */
export const bindingPolicies = (
  policies: readonly ContactPolicy[],
  subject: PolicySubject,
  named: string,
): ContactPolicy[] =>
  policies.filter(({ key, scope }) => key === named || (scope !== null && binds(scope, subject)));

/**
 * Policies without what an organisation switched off.
 *
 * @param switchedOff a policy, `us-fl`, or one of its rules or duties, `us-fl/hours`
 */
export function inForce(
  policies: readonly ContactPolicy[],
  switchedOff: readonly string[],
): readonly ContactPolicy[] {
  if (switchedOff.length === 0) return policies;
  return policies
    .filter(({ key }) => !switchedOff.includes(key))
    .map((policy) => {
      const isOn = ({ key }: { key: string }): boolean => !switchedOff.includes(`${policy.key}/${key}`);
      return { ...policy, rules: policy.rules.filter(isOn), duties: policy.duties?.filter(isOn) ?? [] };
    });
}

function binds(scope: PolicyScope, subject: PolicySubject): boolean {
  const country = subject.country?.toUpperCase();
  const region = subject.region?.toUpperCase().replace(`${country ?? ''}-`, '');
  return (
    (scope.customer ?? subject.customer) === subject.customer &&
    (scope.countries === undefined || (country !== undefined && scope.countries.includes(country))) &&
    (scope.region === undefined || region === undefined || scope.region === region) &&
    (scope.party ?? subject.party) === subject.party &&
    (scope.stage ?? subject.stage) === subject.stage
  );
}
