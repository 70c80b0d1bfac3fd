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

function binds(scope: PolicyScope, subject: PolicySubject): boolean {
  const country = subject.country?.toUpperCase();
  const region = subject.region?.toUpperCase().replace(`${country ?? ''}-`, '');
  return (
    (scope.customer ?? subject.customer) === subject.customer &&
    (scope.country === undefined || scope.country === country) &&
    (scope.region === undefined || region === undefined || scope.region === region) &&
    (scope.party ?? subject.party) === subject.party &&
    (scope.stage ?? subject.stage) === subject.stage
  );
}
