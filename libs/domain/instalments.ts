import type { Step } from './campaign/document.js';
import { disputedAmount, type EnrolmentFacts, openBalance, type PartFacts } from './facts.js';
import type { Instant, LocalDate } from './instant.js';
import { addDays, localDateOf, startOfDay } from './local-time.js';

/** An agreement to pay what is open of an invoice in dated parts. Amounts in minor units. */
export interface PlanFacts {
  /** Of the invoice, from 1 on. */
  number: number;
  agreedAt: Instant;
  /** By date. */
  parts: PlanPart[];
  /** What came in for the invoice since it was agreed. */
  paid: number;
  /** Days after its date on which a part still counts as paid in time. */
  graceDays: number;
  /** So many parts that were missed end it. */
  missesAllowed: number;
}

export interface PlanPart {
  dueOn: LocalDate;
  amount: number;
  /** What came in, or was announced, for the invoice from when the plan was agreed until the grace of this part ended; until now, while it has not. */
  paidInTime: number;
}

/** What one dated part of an invoice comes to, of its own schedule or of a plan. */
export interface Part {
  /** From 1 on. */
  number: number;
  count: number;
  /** What has to be done for it; null for a date alone. */
  milestone: string | null;
  dueOn: LocalDate | null;
  amount: number;
  open: number;
}

/** More parts than a plan or an invoice has. */
const MOST_PARTS = 1_000;

/** The occurrence of a step that is anchored to instalments, of part `number` of a plan: none of two plans, or of the invoice's own parts, is the same. */
export const occurrenceOf = ({ number: plan }: Pick<PlanFacts, 'number'>, number: number): number =>
  plan * MOST_PARTS + number;

/**
 * When a plan ends because too many of its parts were missed, if nothing more is paid; null when all of it was paid in time. A part
 * is paid by what came in since the plan was agreed, the oldest first: so the last one's payment alone keeps nothing.
 *
 * @param zone of the customer: a part is in time until the end of its last day there
 */
export function breaksAt(plan: PlanFacts, zone: string): Instant | null {
  const { parts, graceDays, missesAllowed } = plan;
  const missed = missedParts(plan);
  // After the last one there is nothing left to wait for.
  const breaking = missed[missesAllowed - 1] ?? missed.find((part) => part === parts.at(-1));
  return breaking ? startOfDay(addDays(breaking.dueOn, graceDays + 1), zone) : null;
}

/** The parts of a plan, or of the invoice itself while no plan stands, with what is open of each. */
export function partsOf({ invoice, plan, customer }: EnrolmentFacts, now: Instant): Part[] {
  if (plan && stands(plan, customer.zone, now)) return planParts(plan);
  return invoice.parts.map((part) => ({
    number: part.sequence,
    count: invoice.parts.length,
    milestone: part.milestone ?? null,
    dueOn: dueDateOf(part),
    amount: part.amount,
    open: Math.max(0, part.amount - part.paid),
  }));
}

/** When a part is due; null before its milestone is done, whatever date was planned for it. */
export const dueDateOf = ({ milestone = null, completedAt, dueOn }: PartFacts): LocalDate | null =>
  milestone !== null && completedAt === null ? null : dueOn;

export function planParts({ parts, paid }: Pick<PlanFacts, 'parts' | 'paid'>): Part[] {
  let left = paid;
  return parts.map(({ dueOn, amount }, index) => {
    const covered = Math.min(left, amount);
    left -= covered;
    return { number: index + 1, count: parts.length, milestone: null, dueOn, amount, open: amount - covered };
  });
}

/** Whether all that a plan is about is paid. */
export const isPaid = ({ parts, paid }: Pick<PlanFacts, 'parts' | 'paid'>): boolean =>
  paid >= parts.reduce((sum, { amount }) => sum + amount, 0);

/** Whether a plan is neither kept nor broken. */
const stands = (plan: PlanFacts, zone: string, now: Instant): boolean =>
  stateOf(plan, zone, now) === 'active';

export type PlanState = 'active' | 'kept' | 'broken';

export const stateOf = (plan: PlanFacts, zone: string, now: Instant): PlanState => {
  const end = breaksAt(plan, zone);
  if (end !== null && end <= now) return 'broken';
  return isPaid(plan) ? 'kept' : 'active';
};

/** The part that an occurrence of a step speaks of; null where it speaks of the invoice as a whole, or of parts that others took the place of. */
export function partOf(
  facts: EnrolmentFacts,
  { step, occurrence }: { step: Step; occurrence: number },
  now: Instant,
): Part | null {
  if (step.at?.anchor !== 'instalment_date' && step.on !== 'milestone_completed') return null;
  const { plan, customer } = facts;
  const standing = plan && stands(plan, customer.zone, now) ? plan.number : 0;
  if (Math.floor(occurrence / MOST_PARTS) !== standing) return null;
  return partsOf(facts, now).find(({ number }) => number === occurrence % MOST_PARTS) ?? null;
}

/**
 * What a step asks for, in minor units: what is due by the date that it speaks of, or by today if that is later, and not disputed. Of
 * an invoice with a milestone that is not done yet that part is not asked for; of one due by a single date it is all that is open.
 */
export function askedBy(
  facts: EnrolmentFacts,
  action: { step: Step; occurrence: number },
  now: Instant,
): number {
  return Math.max(0, dueBy(facts, action, now) - disputedAmount(facts.holds));
}

/** The same, disputes included. */
export function dueBy(
  facts: EnrolmentFacts,
  action: { step: Step; occurrence: number },
  now: Instant,
): number {
  if (isWhole(facts, now)) return openBalance(facts.invoice);
  const until = dueUntil(facts, action, now);
  const sum = partsOf(facts, now)
    .filter(({ dueOn }) => dueOn !== null && dueOn <= until)
    .reduce((all, { open }) => all + open, 0);
  // What was agreed on may be more than is owed by now: a credit note, or a correction of the invoice.
  return Math.min(sum, openBalance(facts.invoice));
}

/** What is announced of that; money that is announced for a later part of the invoice takes nothing off it. */
export function pendingBy(
  facts: EnrolmentFacts,
  action: { step: Step; occurrence: number },
  now: Instant,
): number {
  const { plan, invoice, customer } = facts;
  const isAll = isWhole(facts, now) || (plan !== null && stands(plan, customer.zone, now));
  const until = dueUntil(facts, action, now);
  return invoice.parts
    .filter((part) => isAll || (dueDateOf(part) ?? LAST_DAY) <= until)
    .reduce((sum, part) => sum + Math.min(part.pending, Math.max(0, part.amount - part.paid)), 0);
}

/** After every date that is a part's. */
const LAST_DAY: LocalDate = '9999-12-31';

/** The date that a step speaks of, or today if that is later. */
function dueUntil(
  facts: EnrolmentFacts,
  action: { step: Step; occurrence: number },
  now: Instant,
): LocalDate {
  const { invoice, customer } = facts;
  const today = localDateOf(now, customer.zone);
  const part = partOf(facts, action, now);
  return later(today, part ? (part.dueOn ?? today) : invoice.dueOn);
}

/** Whether it is due as one: by one date and without a plan, or after its plan was broken, which was about all that is open. */
export const isWhole = (facts: EnrolmentFacts, now: Instant): boolean =>
  facts.plan === null
    ? facts.invoice.parts.length === 1 &&
      facts.invoice.parts.every(({ milestone = null, dueOn }) => milestone === null && dueOn !== null)
    : brokenPlan(facts, now) !== null;

const later = (one: LocalDate, other: LocalDate): LocalDate => (one > other ? one : other);

/** The parts of a plan that were not paid in time, the first of them first. */
export function missedParts({ parts }: Pick<PlanFacts, 'parts'>): PlanPart[] {
  let owed = 0;
  return parts.filter(({ amount, paidInTime }) => paidInTime < (owed += amount));
}

/** The first day on which a part that is open is, or will be, due; null while nobody knows one. */
export function firstDueOn(facts: EnrolmentFacts, now: Instant): LocalDate | null {
  const dates = partsOf(facts, now).flatMap(({ dueOn, open }) => (dueOn !== null && open > 0 ? [dueOn] : []));
  return dates.sort()[0] ?? null;
}

/** A plan that ended because parts of it were missed. */
export function brokenPlan(
  { plan, customer }: EnrolmentFacts,
  now: Instant,
): (PlanFacts & { at: Instant }) | null {
  const at = plan && breaksAt(plan, customer.zone);
  return plan && at !== null && at <= now ? { ...plan, at } : null;
}
