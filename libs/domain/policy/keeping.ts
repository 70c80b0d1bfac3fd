import type { CampaignDocument } from '#domain/campaign/document.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { PolicyRuleName, Reason } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import { spreadOf } from '#domain/limits.js';
import { zonesOfCountry } from '#domain/country-zones.js';
import type { Action } from '#domain/planning/plan.js';
import type { HolidayLookup } from '#domain/working-days.js';
import { bindingPolicies, inForce } from './binding.js';
import { stageOf } from './duties.js';
import { wordsOf } from './explain.js';
import { type Approach, permit, type Permit, type PolicyFacts } from './permit.js';
import { housePolicy, wishesPolicy } from './own-rules.js';
import type { ContactPolicy, PolicyRule } from './policy.js';
import { PROFILES } from './profiles.js';

/** What a customer has been contacted for and has said and paid of late; their place is a fact of the enrolment. */
export interface Outreach extends Omit<PolicyFacts, 'place'> {
  /** Of the organisation. */
  houseRules: readonly PolicyRule[];
  /** Of the customer. */
  wishes: readonly PolicyRule[];
  /** Of the point that is to be written to; null for a task. */
  address: string | null;
}

/** Why a contact is kept back by contact policies, and until when; null: for ever. */
export interface Keeping {
  /** The first moment that every rule allows, or somewhat later, so that not all that waits for an opening comes out at once. */
  until: Instant | null;
  reasons: Reason<PolicyRuleName>[];
}

/** An action by which somebody is contacted. */
export type ContactingAction = Extract<Action, { kind: 'send' | 'task' }>;

/** What happened longer ago counts for no window: the longest is a month of the calendar. */
export const COUNTS_FOR_MS = 32 * 86_400_000;

/** Whether a campaign asks contact policies at all: nothing is read for one that does not. */
export const hasPolicy = ({ policy }: Pick<CampaignDocument, 'policy'>): boolean => policy !== 'none';

/**
 * What the policies that bind have against contacting somebody now; null when nothing.
 *
 * @param outreach of the customer, invoices by external id
 * @param now the organisation's clock
 */
export function keepingOf(
  { policy }: Pick<CampaignDocument, 'policy'>,
  facts: EnrolmentFacts,
  action: ContactingAction,
  outreach: Outreach,
  isHoliday: HolidayLookup,
  now: Instant,
): Keeping | null {
  if (!hasPolicy({ policy })) return null;
  const { zone, zoneSource, country, region } = facts.customer;
  const possibleZones = zoneSource === 'given' || country === null ? [] : zonesOfCountry(country);
  const place = { zone, country, region, ...(possibleZones.length > 1 && { possibleZones }) };
  const policies = policiesFor(policy, facts, outreach, now);
  const approach = approachOf(facts, action, outreach);
  const known = { ...outreach, place };
  const permitAt = (moment: Instant): Permit => permit(policies, approach, known, isHoliday, moment);
  const { at, objections } = permitAt(now);
  if (objections.length === 0) return null;
  const reasons = objections.map((objection) => ({
    rule: `${objection.policy.key}/${objection.rule.key}` as const,
    text: wordsOf(objection, at, place, isHoliday, now),
  }));
  const until = at === null ? null : spread(at, facts, action, permitAt);
  return { until, reasons };
}

/** What ends for one contact alone is left as it is; else each would push the next one on. */
function spread(
  at: Instant,
  { customer }: EnrolmentFacts,
  action: ContactingAction,
  permitAt: (moment: Instant) => Permit,
): Instant {
  if (!permitAt(at - 1).objections.some(({ rule }) => endsForMany(rule))) return at;
  // The same for all that waits for one customer, so that it still goes out as one.
  const later = at + spreadOf(customer.externalId);
  return later < action.deadline && permitAt(later).at === later ? later : at;
}

const endsForMany = (rule: PolicyRule): boolean =>
  rule.kind === 'hours' || rule.kind === 'blackout' || rule.within.kind !== 'elapsed';

function policiesFor(
  named: string,
  facts: EnrolmentFacts,
  { houseRules, wishes }: Outreach,
  now: Instant,
): ContactPolicy[] {
  const { kind, country, region } = facts.customer;
  const subject = { customer: kind, country, region, party: facts.party, stage: stageOf(facts, now) };
  return [
    ...inForce(bindingPolicies(PROFILES, subject, named), facts.switchedOff),
    housePolicy(houseRules),
    wishesPolicy(wishes),
  ];
}

const approachOf = (
  { invoice }: EnrolmentFacts,
  action: ContactingAction,
  { address }: Outreach,
): Approach => ({
  invoiceIds: [invoice.externalId],
  ...(action.kind === 'send'
    ? { medium: action.medium, personId: action.personId, address }
    : { medium: 'call', personId: null, address: null }),
});
