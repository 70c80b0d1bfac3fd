import type { CampaignDocument } from './campaign/document.js';
import type { EnrolmentFacts } from './facts.js';
import { gate, type SendAction } from './gate.js';
import { askedBy, partOf, pendingBy } from './instalments.js';
import type { Instant, LocalDate } from './instant.js';
import { addDays, daysBetween, localDateOf, startOfDay } from './local-time.js';
import { isMessageMedium } from './medium.js';
import { type Cursor, triedOf } from './planning/cursor.js';
import { plan, type Plan } from './planning/plan.js';
import { hasPolicy, type Keeping } from './policy/keeping.js';
import type { WorkingCalendar } from './working-days.js';

/** As many invoices as one message can still be read for. */
export const MOST_IN_STATEMENT = 200;

/** A step's message, and what of its invoice decides with which others it goes out. */
export interface Mergeable {
  facts: EnrolmentFacts;
  action: SendAction;
}

/** Until when steps of one person are told together: the end of the day where they are, or of a later one. */
export const windowEnd = (
  now: Instant,
  { customer: { zone }, statementDays }: Pick<EnrolmentFacts, 'customer' | 'statementDays'>,
): Instant => startOfDay(addDays(localDateOf(now, zone), statementDays), zone);

/** What an enrolment would send by itself next, and the plan by which it comes to it. */
export interface Coming {
  planned: Plan;
  action: SendAction;
}

/**
 * The message that an enrolment comes to by itself within a window, now or later in it; null when it comes to none. One that
 * failed before, or waits for its sender's turn, keeps its own time.
 *
 * @param until the window's end, not in it any more
 */
export function comingSend(
  facts: EnrolmentFacts,
  document: CampaignDocument,
  cursor: Cursor,
  now: Instant,
  until: Instant,
  calendar: WorkingCalendar,
): Coming | null {
  if (!hasPolicy(document)) return null;
  const planned = plan(facts, document, cursor, now, calendar);
  const { next } = planned;
  if (next.kind === 'act') return next.action.kind === 'send' ? { planned, action: next.action } : null;
  if (next.kind === 'finished' || next.until === null || next.until >= until) return null;
  if (next.medium === null || !isMessageMedium(next.medium)) return null;
  const then = plan(facts, document, planned.cursor, next.until, calendar);
  if (then.next.kind !== 'act' || then.next.action.kind !== 'send' || then.skips.length > 0) return null;
  const { action } = then.next;
  const tried = triedOf(planned.cursor, action.stepKey, action.occurrence);
  const isFree = !tried || (tried.failures === 0 && tried.throttles === 0 && !tried.slot);
  return isFree ? { planned, action } : null;
}

/** Whether two messages are for one person, in one currency and of one purpose. Their creditor is looked at where it is known. */
export const areForOne = (one: Mergeable, other: Mergeable): boolean =>
  one.action.personId === other.action.personId &&
  one.facts.invoice.currency === other.facts.invoice.currency &&
  one.action.step.purpose === other.action.step.purpose;

/** Whether a message may be part of what goes out now, by the gate's own rules. */
export const mayJoin = ({ facts, action }: Mergeable, keeping: Keeping | null, now: Instant): boolean =>
  gate(facts, action, now, keeping).kind === 'send';

/** The order of the invoices in a statement; the first leads, whoever came first. */
export function inStatementOrder<Of>(
  members: readonly Of[],
  invoiceOf: (member: Of) => EnrolmentFacts['invoice'],
): Of[] {
  return [...members].sort((a, b) => {
    const [one, other] = [invoiceOf(a), invoiceOf(b)];
    return compare(one.dueOn, other.dueOn) || compare(one.externalId, other.externalId);
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export type StatementStage = 'overdue' | 'due_today' | 'coming_due';

/** An invoice as a statement tells it. Amounts in minor units. */
export interface StatementLine {
  number: string;
  dueOn: LocalDate;
  stage: StatementStage;
  daysOverdue: number;
  /** Owed, without what is announced and not there yet, or disputed. */
  open: number;
  pending: number;
}

/**
 * What of an invoice a step asks for, by the date that it speaks of.
 *
 * @param now decides which stage it is in, on the customer's calendar
 */
export function statementLine({ facts, action }: Mergeable, number: string, now: Instant): StatementLine {
  const { invoice, customer } = facts;
  const dueOn = partOf(facts, action, now)?.dueOn ?? invoice.dueOn;
  const daysOverdue = daysBetween(dueOn, localDateOf(now, customer.zone));
  const pending = pendingBy(facts, action, now);
  const stage = daysOverdue > 0 ? 'overdue' : daysOverdue === 0 ? 'due_today' : 'coming_due';
  return {
    number,
    dueOn,
    stage,
    daysOverdue,
    open: Math.max(0, askedBy(facts, action, now) - pending),
    pending,
  };
}
