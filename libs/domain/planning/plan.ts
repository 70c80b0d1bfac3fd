import { alwaysComes, type CampaignDocument, DEFAULT_TIME, type Step } from '#domain/campaign/document.js';
import { type EnrolmentFacts, isPendingInFull, openBalance } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { addDays, instantOf, localDateOf } from '#domain/local-time.js';
import type { Medium } from '#domain/medium.js';
import { compareToDecimal } from '#domain/money.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { type Cursor, triedOf, withDecided, withTrying } from './cursor.js';
import type { LadderInput } from './occurrences.js';
import { chooseRecipient } from './recipients.js';
import { endOf, type Schedule, type Scheduled, schedule } from './schedule.js';

/** Days after the last step before an unpaid invoice is handed to a person. */
export const EXHAUSTED_AFTER_DAYS = 7;

export type EndReason = 'settled' | 'cancelled' | 'written_off' | 'exhausted';
export type SkipReason =
  'balance' | 'too_late' | 'condition_not_met' | 'no_address' | 'suppressed' | 'undeliverable';

/** Identifies what a step's decision is about. */
export interface StepRef {
  stepKey: string;
  stepIndex: number;
  occurrence: number;
  dueAt: Instant;
}

/** A step that was decided without contacting anybody. */
export interface Skip extends StepRef {
  reason: SkipReason;
}

export type Action =
  | (StepRef & {
      kind: 'send';
      step: Step;
      medium: Medium;
      personId: string;
      pointId: string;
      deadline: Instant;
    })
  | (StepRef & { kind: 'task'; step: Step })
  | { kind: 'follow_up'; task: 'follow_up' | 'hand_over' }
  | { kind: 'answer'; requestId: string; medium: Medium };

/** What an enrolment does next. */
export type Next =
  | { kind: 'act'; action: Action }
  /** `until` null: nothing happens until a fact changes. `medium` is the channel that will act then, as seen from now. */
  | { kind: 'wait'; until: Instant | null; medium: Medium | null }
  | { kind: 'finished'; reason: EndReason };

export interface Plan {
  next: Next;
  /** Decisions that stand from now on, to be stored with the plan. */
  skips: Skip[];
  /** Tasks whose time is over, to be closed with the plan. */
  expiredTasks: string[];
  /** The cursor with `skips` in it. */
  cursor: Cursor;
}

/**
 * What an enrolment does next, from facts alone: the heart of Kindly. Pure; the same input always gives the same
 * plan, and applying a plan twice changes nothing.
 *
 * @param now the organisation's clock
 */
export function plan(
  facts: EnrolmentFacts,
  document: CampaignDocument,
  cursor: Cursor,
  now: Instant,
  calendar: WorkingCalendar,
): Plan {
  const planned: Plan = {
    next: { kind: 'wait', until: null, medium: null },
    skips: [],
    expiredTasks: [],
    cursor,
  };
  const answer = facts.requestedAnswers[0];
  if (answer)
    return {
      ...planned,
      next: { kind: 'act', action: { kind: 'answer', requestId: answer.id, medium: answer.medium } },
    };
  const ended = endReason(facts);
  if (ended) return ending(planned, { facts, document, cursor, calendar }, ended, now);
  planned.expiredTasks = facts.openTasks.filter((task) => task.waitUntil <= now).map((task) => task.id);
  planned.next = nextStep(facts, document, planned, now, calendar);
  return planned;
}

/** Why an invoice needs no outreach any more; null while it does. */
export function endReason({ invoice }: EnrolmentFacts): EndReason | null {
  if (invoice.status === 'cancelled' || invoice.status === 'written_off') return invoice.status;
  return openBalance(invoice) === 0 ? 'settled' : null;
}

/** Steps that had come due, and waited, when the outreach ended: nothing is owed any more. */
function ending(planned: Plan, input: LadderInput, reason: EndReason, now: Instant): Plan {
  const seen = schedule(input, now);
  for (const late of seen.tooLate) skip(planned, late, 'too_late', now);
  for (const waiting of seen.open) if (waiting.dueAt < now) skip(planned, waiting, 'balance', now);
  return { ...planned, next: { kind: 'finished', reason } };
}

/** Steps that have come due by now and are not decided, for a report at the end of a run. */
export function undecided(input: LadderInput, now: Instant): string[] {
  return schedule(input, now).open.flatMap(({ dueAt, step }) => (dueAt <= now ? [step.key] : []));
}

/** Walks past the steps that decide themselves (too late, nobody to reach) to the one to act on or to wait for. */
function nextStep(
  facts: EnrolmentFacts,
  document: CampaignDocument,
  planned: Plan,
  now: Instant,
  calendar: WorkingCalendar,
): Next {
  for (;;) {
    const seen = schedule({ facts, document, cursor: planned.cursor, calendar }, now);
    for (const late of seen.tooLate) skip(planned, late, 'too_late', now);
    const busy = facts.openTasks.filter((task) => task.waitUntil > now).map((task) => task.waitUntil);
    if (busy.length > 0) return { kind: 'wait', until: Math.min(...busy), medium: null };
    if (seen.tooLate.length > 0) continue;
    const [first] = seen.open;
    if (!first) return afterLadder(facts, document, planned.cursor, now);
    const action = actionFor(first, facts, planned.cursor);
    if (first.at > now) return waitFor(seen, action);
    if ('reason' in action) skip(planned, first, action.reason, now);
    else return act(planned, action);
  }
}

/** The step acted on becomes the one being tried, where an earlier try of it was parked. */
function act(planned: Plan, action: Action): Next {
  const tried = 'stepKey' in action ? triedOf(planned.cursor, action.stepKey, action.occurrence) : null;
  if (tried && tried !== planned.cursor.trying) planned.cursor = withTrying(planned.cursor, tried);
  return { kind: 'act', action };
}

function skip(planned: Plan, step: Scheduled, reason: SkipReason, now: Instant): void {
  planned.skips.push({ ...refOf(step), reason });
  planned.cursor = withDecided(planned.cursor, step.step.key, step.occurrence, { at: now, how: 'skipped' });
}

const refOf = ({ step, stepIndex, occurrence, dueAt }: Scheduled): StepRef => ({
  stepKey: step.key,
  stepIndex,
  occurrence,
  dueAt,
});

function actionFor(
  scheduled: Scheduled,
  facts: EnrolmentFacts,
  cursor: Cursor,
): Action | { reason: SkipReason } {
  const { step, deadline } = scheduled;
  if (!conditionHolds(step, facts)) return { reason: 'condition_not_met' };
  if (step.task) return { kind: 'task', step, ...refOf(scheduled) };
  const failed = triedOf(cursor, step.key, scheduled.occurrence)?.failed ?? [];
  const recipient = chooseRecipient(step, facts.customer, failed);
  if (recipient.kind === 'none') return { reason: recipient.reason };
  if (recipient.medium === 'call') return { kind: 'task', step, ...refOf(scheduled) };
  const { medium, personId, pointId } = recipient;
  return { kind: 'send', step, medium, personId, pointId, deadline, ...refOf(scheduled) };
}

const waitFor = ({ open: [first] }: Schedule, action: Action | { reason: SkipReason }): Next => ({
  kind: 'wait',
  until: first && first.at < Infinity ? first.at : null,
  medium: 'medium' in action ? action.medium : null,
});

function conditionHolds({ onlyIf }: Step, { invoice, customer }: EnrolmentFacts): boolean {
  if (!onlyIf) return true;
  const against = (amount: string): number =>
    compareToDecimal(openBalance(invoice), invoice.currency, amount);
  if (onlyIf.balanceAtLeast && against(onlyIf.balanceAtLeast) < 0) return false;
  if (onlyIf.balanceAtMost && against(onlyIf.balanceAtMost) > 0) return false;
  if (onlyIf.customerKind && customer.kind !== onlyIf.customerKind) return false;
  return !onlyIf.countries || (customer.country !== null && onlyIf.countries.includes(customer.country));
}

/**
 * Every step is decided: an unpaid invoice goes to a person after a while, but not while it is on hold or being paid. The enrolment
 * ends with that, unless steps still wait for events.
 */
function afterLadder(facts: EnrolmentFacts, document: CampaignDocument, cursor: Cursor, now: Instant): Next {
  const task = document.whenExhausted;
  if (!cursor.exhausted && task !== 'nothing') {
    const held = isPendingInFull(facts.invoice) ? Infinity : endOf(facts.holds);
    const at = Math.max(exhaustedAt(facts, cursor), held);
    if (at > now) return { kind: 'wait', until: at < Infinity ? at : null, medium: null };
    return { kind: 'act', action: { kind: 'follow_up', task: task === 'task' ? 'follow_up' : task } };
  }
  const mayStillCome = !document.steps.every(alwaysComes);
  return mayStillCome
    ? { kind: 'wait', until: null, medium: null }
    : { kind: 'finished', reason: 'exhausted' };
}

function exhaustedAt(facts: EnrolmentFacts, cursor: Cursor): Instant {
  const { zone } = facts.customer;
  const last = Math.max(facts.enrolledAt, ...Object.values(cursor.decided).map(({ at }) => at));
  return instantOf(addDays(localDateOf(last, zone), EXHAUSTED_AFTER_DAYS), DEFAULT_TIME, zone);
}
