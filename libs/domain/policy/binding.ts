import type { ContactPolicy } from './policy.js';

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

/** Those that bind. Whose country is not known is bound by no country's; whose region is not, by every one of it. */
export const bindingPolicies = (
  policies: readonly ContactPolicy[],
  subject: PolicySubject,
): ContactPolicy[] => policies.filter(({ scope }) => binds(scope, subject));

function binds(scope: ContactPolicy['scope'], subject: PolicySubject): boolean {
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
