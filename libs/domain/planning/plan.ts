import { alwaysComes, type CampaignDocument, DEFAULT_TIME, type Step } from '#domain/campaign/document.js';
import { type EnrolmentFacts, type OpenTaskFacts, openBalance } from '#domain/facts.js';
import { firstDueOn, isWhole } from '#domain/instalments.js';
import type { Instant } from '#domain/instant.js';
import { addDays, instantOf, localDateOf } from '#domain/local-time.js';
import type { Medium } from '#domain/medium.js';
import { factsUnder } from '#domain/policy/duties.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { actionOf, needsApproval, type NoAction } from './action.js';
import type { Instead } from './addressees.js';
import { type Cursor, occurrenceKey, triedOf, withDecided, withTrying } from './cursor.js';
import { defer, type Deferral } from './deferral.js';
import { fallBack } from './fallback.js';
import { endOf, isHeldByAFact, isOf, wholeHolds } from './holding.js';
import type { LadderInput } from './occurrences.js';
import { restarted, restartsAt } from './restarting.js';
import { factsOfRun } from './run.js';
import { refOf, type Schedule, schedule } from './schedule.js';

/** Days after the last step before an unpaid invoice is handed to a person. */
export const EXHAUSTED_AFTER_DAYS = 7;

export type EndReason = 'settled' | 'cancelled' | 'written_off' | 'exhausted';
export type SkipReason =
  | 'balance'
  | 'too_late'
  | 'condition_not_met'
  | 'no_address'
  | 'suppressed'
  | 'no_consent'
  | 'undeliverable'
  | 'removed'
  | 'passed_over'
  | 'not_approved'
  | 'never_allowed'
  | 'not_due';

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
  /** A sentence of its own; left out: that of its reason. */
  text?: string;
  /** Of a run that is over; left out: the present one. */
  runNo?: number;
}

export type Action =
  | (StepRef & {
      kind: 'send';
      step: Step;
      medium: Medium;
      personId: string;
      pointId: string;
      deadline: Instant;
      instead?: Instead;
    })
  | (StepRef & { kind: 'task'; step: Step; deadline: Instant; instead?: Instead })
  | (StepRef & { kind: 'approval'; step: Step; waitUntil: Instant })
  | { kind: 'follow_up'; task: 'follow_up' | 'hand_over' }
  | { kind: 'answer'; requestId: string; medium: Medium };

export interface Wait {
  kind: 'wait';
  /** When it acts; null: nothing happens until a fact changes. */
  until: Instant | null;
  /** The channel that will act then, as seen from now. */
  medium: Medium | null;
  /** When, before that, it has to be planned again: a step comes due that is kept back, or a message was not seen to arrive. */
  recordAt?: Instant;
}

/** What an enrolment does next. */
export type Next = { kind: 'act'; action: Action } | Wait | { kind: 'finished'; reason: EndReason };

export interface Plan {
  next: Next;
  /** Decisions that stand from now on, to be stored with the plan. */
  skips: Skip[];
  /** Steps that came due and are kept back, to be recorded with the plan; only ever with a plan to wait. */
  deferrals: Deferral[];
  /** Tasks whose time is over, to be closed with the plan. */
  expiredTasks: string[];
  /** The cursor with `skips` and `deferrals` in it. */
  cursor: Cursor;
  /** The next answer that a provider could not take yet: tried again then, whatever the ladder does, its end included. */
  putOff: PutOff | null;
}

export interface PutOff {
  at: Instant;
  medium: Medium;
}

/**
 * What an enrolment does next, from facts alone: the heart of Kindly. Pure; the same input always gives the same
 * plan, and applying a plan twice changes nothing.
 *
 * @param now the organisation's clock
 */
export function plan(
  known: EnrolmentFacts,
  document: CampaignDocument,
  cursor: Cursor,
  now: Instant,
  calendar: WorkingCalendar,
): Plan {
  const planned: Plan = {
    next: { kind: 'wait', until: null, medium: null },
    skips: [],
    deferrals: [],
    expiredTasks: [],
    cursor,
    putOff: null,
  };
  const facts = factsUnder(document, factsOfRun(known, cursor));
  const answers = planAnswers(facts, now);
  if (answers.action) return { ...planned, next: { kind: 'act', action: answers.action } };
  planned.putOff = answers.putOff;
  const ended = endReason(facts);
  if (ended) return ending(planned, { facts, document, cursor, calendar }, ended, now);
  planned.expiredTasks = facts.openTasks.filter((task) => task.waitUntil <= now).map((task) => task.id);
  giveUpUnapproved(planned, { facts, document, cursor, calendar }, now);
  const asked = withoutVoid(facts, document, planned);
  climb(
    planned,
    startingOver(planned, { facts: asked, document, cursor: planned.cursor, calendar }, now),
    now,
  );
  if (planned.next.kind === 'finished') giveUpDeferred(planned, now);
  return planned;
}

/** What the ladder is planned from, in the run that a hold which ended may have begun. */
function startingOver(planned: Plan, input: LadderInput, now: Instant): LadderInput {
  const again = restarted(input, now);
  if (!again) return input;
  planned.skips.push(...again.skips);
  return { ...input, cursor: again.cursor, facts: factsOfRun(input.facts, again.cursor) };
}

/** Questions that nobody need answer any more: the customer is no vip now, or the campaign has no such step. They are closed. */
function withoutVoid(facts: EnrolmentFacts, { steps }: CampaignDocument, planned: Plan): EnrolmentFacts {
  const isVoid = ({ approves, stepKey }: OpenTaskFacts): boolean => {
    const step = steps.find(({ key }) => key === stepKey);
    return approves !== undefined && (!step || !needsApproval(step, facts.customer));
  };
  const gone = facts.openTasks.filter(isVoid);
  if (gone.length === 0) return facts;
  planned.expiredTasks = [...new Set([...planned.expiredTasks, ...gone.map(({ id }) => id)])];
  return { ...facts, openTasks: facts.openTasks.filter((task) => !isVoid(task)) };
}

/** Steps that nobody approved in time: they are not sent, and the ladder goes on. */
function giveUpUnapproved(planned: Plan, input: LadderInput, now: Instant): void {
  const { openTasks, customer } = input.facts;
  const unapproved = openTasks.filter((task) => task.approves && task.waitUntil <= now);
  if (unapproved.length === 0) return;
  for (const scheduled of schedule(input, now).open)
    if (needsApproval(scheduled.step, customer) && unapproved.some((task) => isOf(task, scheduled)))
      skip(planned, refOf(scheduled), 'not_approved', now);
}

function climb(planned: Plan, input: LadderInput, now: Instant): void {
  const { facts, document, calendar } = input;
  const fallen = fallBack(input, now);
  planned.cursor = fallen.cursor;
  const lookAt = Math.min(fallen.at ?? Infinity, restartsAt(facts, now));
  const next = nextStep(facts, document, planned, now, calendar);
  planned.next = lookingBack(next, lookAt < Infinity ? lookAt : null);
}

/** A message that may not have arrived, or a ladder that is to begin again, is looked after before anything ends, or comes later than that. */
function lookingBack(next: Next, at: Instant | null): Next {
  if (at === null || next.kind === 'act') return next;
  if (next.kind === 'finished') return { kind: 'wait', until: at, medium: null };
  return at < (wakesAt(next) ?? Infinity) ? { ...next, recordAt: at } : next;
}

/** Answers that somebody asked for: the one to send now, or else the one that is tried again first. */
export function planAnswers(
  { requestedAnswers, stopped }: EnrolmentFacts,
  now: Instant,
): { action: Extract<Action, { kind: 'answer' }> | null; putOff: PutOff | null } {
  const inOrder = requestedAnswers
    .map(({ id, medium, notBefore }) => ({ id, medium, at: notBefore ?? now }))
    .sort((one, other) => one.at - other.at);
  const [first] = inOrder;
  if (!first || stopped) return { action: null, putOff: null };
  const { id, medium, at } = first;
  return at > now
    ? { action: null, putOff: { at, medium } }
    : { action: { kind: 'answer', requestId: id, medium }, putOff: null };
}

/** Why an invoice needs no outreach any more; null while it does. */
export function endReason({ invoice }: EnrolmentFacts): EndReason | null {
  if (invoice.status === 'cancelled' || invoice.status === 'written_off') return invoice.status;
  return openBalance(invoice) === 0 ? 'settled' : null;
}

/** Steps that had come due, and waited, when the outreach ended: nothing is owed any more. */
function ending(planned: Plan, input: LadderInput, reason: EndReason, now: Instant): Plan {
  const seen = schedule(input, now);
  for (const late of seen.tooLate) skip(planned, refOf(late), 'too_late', now);
  for (const waiting of seen.open) if (waiting.dueAt < now) skip(planned, refOf(waiting), 'balance', now);
  giveUpDeferred(planned, now);
  return { ...planned, next: { kind: 'finished', reason } };
}

/**
 * Steps that were kept back when they came due, and whose moment has since moved on or gone (an instalment that was paid):
 * what was recorded as not sent yet will not be sent.
 */
function giveUpDeferred(planned: Plan, now: Instant): void {
  for (const { by: _told, ...ref } of planned.cursor.deferred ?? []) skip(planned, ref, 'balance', now);
}

/** Steps that have come due by now and are not decided, for a report at the end of a run. */
export function undecided(input: LadderInput, now: Instant): string[] {
  const due = schedule(input, now)
    .open.filter(({ dueAt }) => dueAt <= now)
    .map(refOf);
  const open = [...due, ...(input.cursor.deferred ?? [])];
  const byKey = new Map(open.map((each) => [occurrenceKey(each.stepKey, each.occurrence), each.stepKey]));
  return [...byKey.values()];
}

/** When a waiting enrolment has to be planned again by itself; null: only a fact wakes it. */
export const wakesAt = ({ until, recordAt }: Wait): Instant | null => recordAt ?? until;

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
    const busy = facts.openTasks.filter((task) => task.waitUntil > now).map((task) => task.waitUntil);
    const rest = (wait: Wait): Next => recording(planned, seen, facts, wait, now);
    if (busy.length > 0) return rest({ kind: 'wait', until: Math.min(...busy), medium: null });
    for (const late of seen.tooLate) skip(planned, refOf(late), 'too_late', now);
    for (const passed of seen.passedOver) skip(planned, refOf(passed), 'passed_over', now);
    if (seen.tooLate.length > 0 || seen.passedOver.length > 0) continue;
    const [first] = seen.open;
    if (!first) return afterLadder(facts, document, planned.cursor, now);
    const action = actionOf(first, facts, planned.cursor, now);
    if (first.at > now) return rest(waitFor(seen, action));
    if ('reason' in action) skip(planned, refOf(first), action.reason, now, action.text);
    else return act(planned, action);
  }
}

/** The step acted on becomes the one being tried, where an earlier try of it was parked. */
function act(planned: Plan, action: Action): Next {
  const tried = 'stepKey' in action ? triedOf(planned.cursor, action.stepKey, action.occurrence) : null;
  if (tried && tried !== planned.cursor.trying) planned.cursor = withTrying(planned.cursor, tried);
  return { kind: 'act', action };
}

/** The wait, with what is kept back meanwhile put on record. */
function recording(planned: Plan, { open }: Schedule, facts: EnrolmentFacts, wait: Wait, now: Instant): Wait {
  const { deferrals, cursor, nextAt } = defer(open, facts, planned.cursor, now);
  planned.deferrals = deferrals;
  planned.cursor = cursor;
  return nextAt !== null && nextAt < (wait.until ?? Infinity) ? { ...wait, recordAt: nextAt } : wait;
}

function skip(planned: Plan, step: StepRef, reason: SkipReason, now: Instant, text?: string): void {
  planned.skips.push({ ...step, reason, ...(text !== undefined && { text }) });
  planned.cursor = withDecided(planned.cursor, step.stepKey, step.occurrence, { at: now, how: 'skipped' });
}

const waitFor = ({ open: [first] }: Schedule, action: Action | NoAction): Wait => ({
  kind: 'wait',
  until: first && first.at < Infinity ? first.at : null,
  medium: 'medium' in action ? action.medium : null,
});

/**
 * Every step is decided: an unpaid invoice goes to a person after a while, but not while it is on hold or being paid. The enrolment
 * ends with that, unless steps still wait for events.
 */
function afterLadder(facts: EnrolmentFacts, document: CampaignDocument, cursor: Cursor, now: Instant): Next {
  const task = document.whenExhausted;
  if (!cursor.exhausted && task !== 'nothing') {
    const held = isHeldByAFact(facts) ? Infinity : endOf(wholeHolds(facts));
    const at = Math.max(exhaustedAt(facts, cursor), held, comesDue(facts, now));
    if (at > now) return { kind: 'wait', until: at < Infinity ? at : null, medium: null };
    return { kind: 'act', action: { kind: 'follow_up', task: task === 'task' ? 'follow_up' : task } };
  }
  const mayStillCome = !document.steps.every(alwaysComes);
  return mayStillCome
    ? { kind: 'wait', until: null, medium: null }
    : { kind: 'finished', reason: 'exhausted' };
}

/** What is not due yet is no matter for a person: of an invoice in parts, a week after its first open one is; Infinity while nobody knows when. */
function comesDue(facts: EnrolmentFacts, now: Instant): Instant {
  const { zone } = facts.customer;
  if (isWhole(facts, now)) return -Infinity;
  const dueOn = firstDueOn(facts, now);
  if (dueOn === null) return Infinity;
  return instantOf(addDays(dueOn, EXHAUSTED_AFTER_DAYS), DEFAULT_TIME, zone);
}

function exhaustedAt(facts: EnrolmentFacts, cursor: Cursor): Instant {
  const { zone } = facts.customer;
  const last = Math.max(facts.enrolledAt, ...Object.values(cursor.decided).map(({ at }) => at));
  return instantOf(addDays(localDateOf(last, zone), EXHAUSTED_AFTER_DAYS), DEFAULT_TIME, zone);
}
