import { type EnrolmentFacts, mayUse, openBalance, pointOf } from './facts.js';
import type { Instant } from './instant.js';
import type { Instead } from './planning/addressees.js';
import { holdingOf } from './planning/holding.js';
import type { Action, SkipReason } from './planning/plan.js';
import type { Keeping } from './policy/keeping.js';

/** Limits that put a message off when everything else speaks for it. */
export type LimitRule = 'rate_limit' | 'daily_ceiling' | 'provider_down';

/** A rule of a contact policy, by both their keys: `courteous/three_a_week`. */
export type PolicyRuleName = `${string}/${string}`;

/** Why the gate decided as it did; `rule` is what reports count by. */
export interface Reason<
  Rule extends string =
    | SkipReason
    | 'hold'
    | 'paused'
    | 'approval'
    | 'emergency_stop'
    | 'unapplied_cash'
    | 'stale_books'
    | Instead
    | LimitRule
    | PolicyRuleName,
> {
  rule: Rule;
  /** A sentence for people. */
  text: string;
}

/** May this go out, now? Decided under the customer's lock, at the moment of sending, on the facts read then. */
export type GateDecision =
  | { kind: 'send' }
  /** `byPolicy`: until contact policies allow it, whatever time the step names. */
  | { kind: 'defer'; until: Instant | null; reasons: Reason[]; byPolicy?: true }
  | Suppression;

type Suppression = { kind: 'suppress'; reasons: [Reason<SkipReason>] };

export type SendAction = Extract<Action, { kind: 'send' }>;

type Rule = (facts: EnrolmentFacts, action: SendAction, now: Instant) => GateDecision | null;

const balance: Rule = ({ invoice }) =>
  invoice.status !== 'open' || openBalance(invoice) === 0
    ? suppress('balance', 'Nothing is owed on the invoice any more.')
    : null;

const hold: Rule = (facts, action, now) => {
  const holding = holdingOf(facts, action, now);
  return holding && { kind: 'defer', until: holding.until, reasons: holding.reasons };
};

const suppression: Rule = ({ customer }, { pointId, medium, step }) => {
  const point = pointOf(customer, pointId);
  return point && mayUse(point, medium, step.purpose)
    ? null
    : suppress('suppressed', 'The address may not be written to.');
};

const tooLate: Rule = (_facts, { deadline }, now) =>
  now >= deadline ? suppress('too_late', 'The message would come after its meaning has passed.') : null;

const suppress = (rule: SkipReason, text: string): Suppression => ({
  kind: 'suppress',
  reasons: [{ rule, text }],
});

/** In order: the first rule that objects decides. */
const RULES: readonly Rule[] = [balance, hold, suppression, tooLate];

/** What contact policies keep back is put off until they allow it, or given up when together they never do. */
export const decisionOn = ({ until, reasons }: Keeping): Exclude<GateDecision, { kind: 'send' }> =>
  until === null
    ? suppress('never_allowed', reasons.map(({ text }) => text).join(' '))
    : { kind: 'defer', until, reasons, byPolicy: true };

/**
 * @param now the organisation's clock
 * @param keeping what the contact policies have against it; null when nothing, or when the campaign names none
 */
export function gate(
  facts: EnrolmentFacts,
  action: SendAction,
  now: Instant,
  keeping: Keeping | null = null,
): GateDecision {
  for (const rule of RULES) {
    const decision = rule(facts, action, now);
    if (decision) return decision;
  }
  return keeping ? decisionOn(keeping) : { kind: 'send' };
}
