import type { CampaignDocument } from '#domain/campaign/document.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { addDays, localDateOf, startOfDay } from '#domain/local-time.js';
import { type Cursor, decidedAt, isTrying, triedOf } from './cursor.js';
import { heldUntil } from './holding.js';
import { carriedDays, deadlineOf, lateSlot, shifted } from './lateness.js';
import { type LadderInput, type Occurrence, occurrencesOf } from './occurrences.js';
import type { StepRef } from './plan.js';
import { passedOver } from './resuming.js';
import { ofRun } from './run.js';
import { type Contacted, distanceKept } from './spacing.js';

/** An undecided occurrence and when it can go out. */
export interface Scheduled extends Occurrence {
  /** The moment it came due, or will: `nominal` after spacing. */
  dueAt: Instant;
  /**
   * When there is something to do about it: it can go out, or its deadline passes while a hold stands; `Infinity`
   * while a hold without an end stands and it has no deadline.
   */
  at: Instant;
  /** When it could go out if no hold stood: a hold may be released at any time, so it alone makes nothing too late. */
  free: Instant;
  /** When what keeps it back ends; 0 when nothing does, `Infinity` while only a fact can end it. */
  held: Instant;
  /** From then on it is too late. */
  deadline: Instant;
}

export interface Schedule {
  /** Occurrences whose deadline has passed, or that were missed at entry. Never sooner: else what follows would depend on when somebody plans. */
  tooLate: Scheduled[];
  /** Occurrences that a hold which ended passes over, when their turn has come: not sooner, as above. */
  passedOver: Scheduled[];
  /** The others, the next first. */
  open: Scheduled[];
}

/**
 * When each undecided occurrence can go out, seen from `now`. Overdue steps keep their spacing: when one went out
 * late by more than a day, those after it move by as many days; a backlog therefore never bursts out.
 */
export function schedule(given: LadderInput, now: Instant): Schedule {
  const input = ofRun(given);
  const result: Schedule = { tooLate: [], passedOver: [], open: [] };
  const { zone } = input.facts.customer;
  const occurrences = occurrencesOf(input);
  const dropped = new Set([...missedAtEntry(occurrences, input.facts), ...overtaken(occurrences, now)]);
  const passed = new Set(passedOver(occurrences, input.facts, input.document, now));
  const last = lastContact(occurrences, input);
  const carries = new Map<string, number>();
  for (const occurrence of occurrences) {
    const { lane } = occurrence;
    const decided = decidedAt(input.cursor, occurrence.step.key, occurrence.occurrence);
    if (decided) {
      if (lane && decided.how === 'done') carries.set(lane, carriedDays(occurrence, decided.at, zone));
      continue;
    }
    const next = place(input, occurrence, (lane && carries.get(lane)) || 0, last, now);
    if (passed.has(occurrence) && next.at <= now) {
      result.passedOver.push(next);
      continue;
    }
    if (
      next.deadline <= now ||
      (dropped.has(occurrence) && !triedOf(input.cursor, occurrence.step.key, occurrence.occurrence))
    ) {
      result.tooLate.push(next);
      continue;
    }
    if (lane && next.at < next.deadline) carries.set(lane, carriedDays(occurrence, next.at, zone));
    result.open.push(next);
  }
  result.open = inTurn(result.open, input);
  return result;
}

function place(
  { facts, cursor }: LadderInput,
  occurrence: Occurrence,
  carry: number,
  last: Contacted | null,
  now: Instant,
): Scheduled {
  const { zone } = facts.customer;
  const { step, stepIndex, nominal, side, dueOn, lane, isOneOfMany } = occurrence;
  const tried = triedOf(cursor, step.key, occurrence.occurrence);
  const dueAt = tried?.dueAt ?? shifted(nominal, carry, zone);
  const notBefore = tried ? tried.notBefore : distanceKept(occurrence, dueAt, last, zone);
  // What rules put off that are others by now asks them anew: at its own hour, and no later than it would have.
  const isAskedAnew = tried?.rulesDigest !== undefined && tried.rulesDigest !== facts.rulesDigest;
  const slotFrom = (from: Instant): Instant => {
    const slot = lateSlot(occurrence, tried?.opensAt ?? dueAt, Math.max(from, notBefore ?? from), zone);
    return isAskedAnew ? Math.min(slot, lateSlot(occurrence, dueAt, from, zone)) : slot;
  };
  const free = slotFrom(now);
  const held = heldUntil(facts, occurrence);
  const deadline = deadlineOf(occurrence, dueAt, facts);
  const at = held <= free ? free : held < Infinity ? slotFrom(held) : Infinity;
  const when = { dueAt, at: Math.min(at, deadline), free, held, deadline };
  // Not spread from `occurrence`: this runs for every step of every plan, and a spread takes a quarter of its time.
  return {
    step,
    stepIndex,
    occurrence: occurrence.occurrence,
    nominal,
    side,
    dueOn,
    lane,
    isOneOfMany,
    ...when,
  };
}

/**
 * The next first. While a message is being tried (a channel that is out, or throttled), what comes after it in the
 * ladder waits for its turn: nobody gets the second notice before the first.
 */
function inTurn(open: readonly Scheduled[], { cursor }: LadderInput): Scheduled[] {
  const isNow = ({ step, occurrence }: Scheduled): boolean => isTrying(cursor, step.key, occurrence);
  const turn = open.find(isNow)?.free ?? -Infinity;
  return open
    .map((each) => (each.at < turn && !isNow(each) ? { ...each, at: Math.min(turn, each.deadline) } : each))
    .sort(
      (a, b) =>
        a.at - b.at ||
        Number(isNow(b)) - Number(isNow(a)) ||
        Number(isLate(a)) - Number(isLate(b)) ||
        a.nominal - b.nominal ||
        a.stepIndex - b.stepIndex ||
        a.occurrence - b.occurrence,
    );
}

export const refOf = ({ step, stepIndex, occurrence, dueAt }: Scheduled): StepRef => ({
  stepKey: step.key,
  stepIndex,
  occurrence,
  dueAt,
});

/** What has waited may wait on for what comes just then. */
const isLate = ({ at, dueAt }: Scheduled): boolean => at > dueAt;

function lastContact(
  occurrences: readonly Occurrence[],
  { document, cursor }: LadderInput,
): Contacted | null {
  let last = lastOfGone(document, cursor);
  for (const { step, occurrence, nominal } of occurrences) {
    const decided = decidedAt(cursor, step.key, occurrence);
    if (decided?.how === 'done' && decided.at >= (last?.at ?? -Infinity)) last = { at: decided.at, nominal };
  }
  return last;
}

/** The last step that went out in an earlier run, or before the enrolment moved to a version that lacks it: a day is kept from that one. */
function lastOfGone({ steps }: CampaignDocument, { decided, run }: Cursor): Contacted | null {
  let last: Contacted | null =
    typeof run?.lastContactAt === 'number' ? { at: run.lastContactAt, nominal: -Infinity } : null;
  for (const [key, { at, how }] of Object.entries(decided)) {
    if (how !== 'done' || at < (last?.at ?? -Infinity)) continue;
    const stepKey = key.slice(0, key.lastIndexOf('#'));
    if (!steps.some((step) => step.key === stepKey)) last = { at, nominal: -Infinity };
  }
  return last;
}

/**
 * Of a step that follows several dates or events, the ones that the next has overtaken: three payments that failed
 * during a hold are told of once.
 */
function overtaken(occurrences: readonly Occurrence[], now: Instant): Occurrence[] {
  const passed = occurrences.filter(({ isOneOfMany, nominal }) => isOneOfMany && nominal <= now);
  const newest = new Map(passed.map((occurrence) => [occurrence.step.key, occurrence]));
  return passed.filter((occurrence) => newest.get(occurrence.step.key) !== occurrence);
}

/**
 * Steps of days before the one the invoice was enrolled on, and that its entry rule does not take up. A step of that
 * same day is merely late, and is the one its age says.
 */
function missedAtEntry(occurrences: readonly Occurrence[], facts: EnrolmentFacts): Occurrence[] {
  const { zone } = facts.customer;
  const today = localDateOf(facts.enrolledAt, zone);
  const [from, to] = [startOfDay(today, zone), startOfDay(addDays(today, 1), zone)];
  const passed = occurrences.filter(({ side, nominal }) => side !== null && nominal < from);
  const overdue = occurrences.filter(
    ({ side, step, nominal }) => side === 'after' && nominal < to && step.at?.anchor !== 'promise_date',
  );
  const taken =
    facts.entry === 'gentle' ? overdue : facts.entry === 'by_age' ? ofItsAge(overdue, occurrences) : [];
  return passed.filter((occurrence) => !taken.includes(occurrence));
}

/** The step its age says; but nobody hears of the matter for the first time by the last and harshest of several. */
function ofItsAge(overdue: readonly Occurrence[], all: readonly Occurrence[]): readonly Occurrence[] {
  const last = all.findLast(({ side, step }) => side === 'after' && step.at?.anchor !== 'promise_date');
  return overdue.at(-1) === last ? overdue.slice(-2) : overdue.slice(-1);
}
