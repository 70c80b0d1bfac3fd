import { type EnrolmentFacts, isPendingInFull, openBalance } from './facts.js';
import type { Instant } from './instant.js';
import type { Action } from './planning/plan.js';
import { bindingHolds, endOf } from './planning/schedule.js';

/** Why the gate decided as it did; `rule` is what reports count by. */
export interface Reason {
  rule: 'balance' | 'hold' | 'suppressed' | 'too_late';
  /** A sentence for people. */
  text: string;
}

/** May this go out, now? Decided under the customer's lock, at the moment of sending, on the facts read then. */
export type GateDecision =
  | { kind: 'send' }
  | { kind: 'defer'; until: Instant | null; reasons: Reason[] }
  | { kind: 'suppress'; reasons: Reason[] };

export type SendAction = Extract<Action, { kind: 'send' }>;

type Rule = (facts: EnrolmentFacts, action: SendAction, now: Instant) => GateDecision | null;

const balance: Rule = ({ invoice }) => {
  if (invoice.status !== 'open' || openBalance(invoice) === 0)
    return suppress('balance', 'Nothing is owed on the invoice any more.');
  if (!isPendingInFull(invoice)) return null;
  const text = 'A payment of all that is owed is under way.';
  return { kind: 'defer', until: null, reasons: [{ rule: 'balance', text }] };
};

const hold: Rule = ({ holds }, action, now) => {
  const binding = bindingHolds(holds, action).filter((each) => each.until === null || each.until > now);
  if (binding.length === 0) return null;
  const until = endOf(binding);
  const kinds = binding.map((each) => each.kind).join(', ');
  return {
    kind: 'defer',
    until: until === Infinity ? null : until,
    reasons: [{ rule: 'hold', text: `On hold: ${kinds}.` }],
  };
};

const suppression: Rule = ({ customer }, { pointId }) => {
  const point = customer.people.flatMap((person) => person.points).find(({ id }) => id === pointId);
  return point?.status === 'active' ? null : suppress('suppressed', 'The address may not be written to.');
};

const tooLate: Rule = (_facts, { deadline }, now) =>
  now >= deadline ? suppress('too_late', 'The message would come after its meaning has passed.') : null;

const suppress = (rule: Reason['rule'], text: string): GateDecision => ({
  kind: 'suppress',
  reasons: [{ rule, text }],
});

/** In order: the first rule that objects decides. */
const RULES: readonly Rule[] = [balance, hold, suppression, tooLate];

/** @param now the organisation's clock */
export function gate(facts: EnrolmentFacts, action: SendAction, now: Instant): GateDecision {
  for (const rule of RULES) {
    const decision = rule(facts, action, now);
    if (decision) return decision;
  }
  return { kind: 'send' };
}
