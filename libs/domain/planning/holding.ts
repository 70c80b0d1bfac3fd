import {
  askedBalance,
  type EnrolmentFacts,
  type HoldFacts,
  isPendingInFull,
  type OpenTaskFacts,
} from '#domain/facts.js';
import type { Reason } from '#domain/gate.js';
import { breaksAt, isPaid, type PlanFacts } from '#domain/instalments.js';
import type { Instant } from '#domain/instant.js';
import type { Occurrence } from './occurrences.js';

/** The rule of an emergency stop, and the code of what was on its way when it came. */
export const EMERGENCY_STOP = 'emergency_stop';

/** The rule of a pause. */
export const PAUSED = 'paused';

/** The rule of a step that waits for somebody to approve it. */
export const APPROVAL = 'approval';

type OfStep = Pick<Occurrence, 'step' | 'occurrence'>;

/** What keeps a step back. */
export interface Holding {
  /** When the last of it ends; null: a fact has to change. */
  until: Instant | null;
  /** Kinds of the holds, `payment` for one of all that is owed, or what keeps everything back. */
  by: string[];
  reasons: Reason[];
}

/** What keeps everything back for as long as it is so, with what is said of it; the first that is so is told. */
const BY_A_FACT: readonly [is: (facts: EnrolmentFacts) => boolean, rule: Reason['rule'], text: string][] = [
  [({ stopped }) => stopped, EMERGENCY_STOP, 'An emergency stop holds everything back.'],
  [({ paused }) => paused, PAUSED, 'It is paused.'],
  [
    ({ unapplied }) => unapplied,
    'unapplied_cash',
    'Money of the customer is not allocated yet: what is still owed is not known.',
  ],
  [
    ({ stale }) => stale,
    'stale_books',
    'The books are older than is allowed: who has paid since is not known.',
  ],
];

/** What keeps a step back now; null when nothing does. */
export function holdingOf(facts: EnrolmentFacts, step: OfStep, now: Instant): Holding | null {
  for (const [is, rule, text] of BY_A_FACT)
    if (is(facts)) return { until: null, by: [rule], reasons: [{ rule, text }] };
  if (isPendingInFull(facts.invoice)) {
    const text = 'A payment of all that is owed is under way.';
    return { until: null, by: ['payment'], reasons: [{ rule: 'balance', text }] };
  }
  const asked = askedAbout(facts, step);
  if (asked && asked.waitUntil > now)
    return {
      until: asked.waitUntil,
      by: [APPROVAL],
      reasons: [{ rule: APPROVAL, text: 'It waits for somebody to approve it.' }],
    };
  const binding = bindingHolds(facts, step).filter(({ until }) => until === null || until > now);
  if (binding.length === 0) return null;
  const until = endOf(binding);
  const by = binding.map(({ kind }) => kind);
  return {
    until: until === Infinity ? null : until,
    by,
    reasons: [{ rule: 'hold', text: `On hold: ${by.join(', ')}.` }],
  };
}

/** When what keeps a step back ends; 0 when nothing does, `Infinity` while only a fact can end it. */
export const heldUntil = (facts: EnrolmentFacts, step: OfStep): Instant =>
  isHeldByAFact(facts)
    ? Infinity
    : Math.max(askedAbout(facts, step)?.waitUntil ?? 0, endOf(bindingHolds(facts, step)));

/** Whether a task is about this occurrence of a step. */
export const isOf = (
  task: Pick<OpenTaskFacts, 'stepKey' | 'occurrence'>,
  { step, occurrence }: OfStep,
): boolean => task.stepKey === step.key && task.occurrence === occurrence;

/** The task that asks whether it may go out. */
const askedAbout = ({ openTasks }: EnrolmentFacts, step: OfStep): OpenTaskFacts | undefined =>
  openTasks.find((task) => task.approves && isOf(task, step));

/** What other than a hold keeps everything back, in sentences. */
export const heldWords = (facts: EnrolmentFacts): string[] =>
  BY_A_FACT.filter(([is]) => is(facts)).map(([, , text]) => text);

/** Whether something other than a hold keeps everything back, for as long as it is so. */
export const isHeldByAFact = (facts: EnrolmentFacts): boolean =>
  BY_A_FACT.some(([is]) => is(facts)) || isPendingInFull(facts.invoice);

/** Whether it is planned anew when its organisation is released, or its books are up to date, and by nothing before. */
export const waitsForRelease = ({ stopped, stale }: Pick<EnrolmentFacts, 'stopped' | 'stale'>): boolean =>
  stopped || stale;

/** When the last of the holds ends; 0 without one, `Infinity` for one without an end. */
export const endOf = (holds: readonly HoldFacts[]): Instant =>
  holds.reduce((until, hold) => Math.max(until, hold.until ?? Infinity), 0);

const bindingHolds = (facts: EnrolmentFacts, step: OfStep): HoldFacts[] =>
  wholeHolds(facts).filter((hold) => !isExempt(hold, step, facts));

/** Holds of the whole invoice: a dispute about a part is one once there is no rest to ask for. */
export const wholeHolds = (facts: EnrolmentFacts): HoldFacts[] => [
  ...(facts.holds.some(isOfPart) && askedBalance(facts) > 0
    ? facts.holds.filter((hold) => !isOfPart(hold))
    : facts.holds),
  ...planHold(facts),
];

/** An instalment plan holds the ladder until it is kept, or broken if nothing more is paid. */
function planHold({ plan, customer }: EnrolmentFacts): HoldFacts[] {
  if (!plan || isPaid(plan)) return [];
  // Without an end while all that is left of it is announced.
  return [{ id: idOf(plan), kind: 'plan', until: breaksAt(plan, customer.zone) }];
}

const idOf = ({ number }: PlanFacts): string => `plan/${number}`;

const isOfPart = ({ kind, amount }: HoldFacts): boolean =>
  kind === 'dispute' && amount !== undefined && amount !== null;

/**
 * A promise to pay, or a plan of instalments, silences the ladder, but not the steps that are about it. A plan that somebody noted as
 * a hold has no dates to speak of.
 */
const isExempt = (
  hold: HoldFacts,
  { step }: Pick<OfStep, 'step'>,
  { plan }: Pick<EnrolmentFacts, 'plan'>,
): boolean =>
  (hold.kind === 'promise' && (step.at?.anchor === 'promise_date' || step.on === 'promise_broken')) ||
  (plan !== null && hold.id === idOf(plan) && step.at?.anchor === 'instalment_date');
