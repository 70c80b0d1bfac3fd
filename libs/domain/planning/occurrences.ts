import { type CampaignDocument, DEFAULT_TIME, MAX_OCCURRENCES, type Step, type StepTiming } from '#domain/campaign/document.js';
import { type Duration, durationMs, isClockDuration, parseDuration } from '#domain/duration.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { addDays, addToDate, addToInstant, instantOf, localDateOf, startOfDay } from '#domain/local-time.js';
import { addWorkingDays, rollToWorkingDay, type WorkingCalendar } from '#domain/working-days.js';
import { type Cursor, decidedAt } from './cursor.js';

/** One time a step comes due. Steps that repeat, or follow several dates or events, have several. */
export interface Occurrence {
  step: Step;
  stepIndex: number;
  occurrence: number;
  /** The moment the ladder names, before lateness, holds and spacing. */
  nominal: Instant;
  /**
   * `before`: it speaks of a due date to come, so it makes no sense after it; `after`: it belongs to the overdue
   * side; null: it follows an event or a step and has no side.
   */
  side: 'before' | 'after' | null;
}

export interface LadderInput {
  facts: EnrolmentFacts;
  document: CampaignDocument;
  cursor: Cursor;
  calendar: WorkingCalendar;
}

/** Every occurrence known by now, decided ones included, by nominal moment, then place in the ladder. */
export function occurrencesOf(input: LadderInput): Occurrence[] {
  return input.document.steps
    .flatMap((step, stepIndex) => stepOccurrences(input, step, stepIndex))
    .sort((a, b) => a.nominal - b.nominal || a.stepIndex - b.stepIndex || a.occurrence - b.occurrence);
}

function stepOccurrences(input: LadderInput, step: Step, stepIndex: number): Occurrence[] {
  if (!step.at) return eventOccurrences(input.facts, step, stepIndex);
  const timing = step.at;
  const { facts } = input;
  const on = (occurrence: number, date: LocalDate): Occurrence =>
    dated(input, step, stepIndex, occurrence, anchored(input, timing, date), null);
  switch (timing.anchor) {
    case 'issue_date':
      return repeated(input, step, stepIndex, anchored(input, timing, facts.invoice.issuedOn));
    case 'due_date':
      return repeated(input, step, stepIndex, anchored(input, timing, facts.invoice.dueOn));
    case 'previous_step':
      return afterPrevious(input, step, stepIndex, timing);
    case 'promise_date':
      return facts.promises.filter((p) => !p.cancelled).map((p) => on(p.sequence, p.promisedOn));
    case 'instalment_date':
      return facts.invoice.parts.flatMap((part) =>
        part.dueOn !== null && part.paid < part.amount ? [on(part.sequence, part.dueOn)] : [],
      );
  }
}

function eventOccurrences(facts: EnrolmentFacts, step: Step, stepIndex: number): Occurrence[] {
  const occurrence = (sequence: number, nominal: Instant): Occurrence => ({
    step,
    stepIndex,
    occurrence: sequence,
    nominal,
    side: null,
  });
  const all =
    step.on === 'promise_broken'
      ? facts.promises
          .filter((promise) => !promise.cancelled)
          .map((promise) => occurrence(promise.sequence, brokenAt(promise.promisedOn, facts.customer.zone)))
      : facts.events.filter((e) => e.kind === step.on).map((event) => occurrence(event.sequence, event.at));
  return all.filter(({ nominal }) => nominal >= facts.enrolledAt);
}

/** A promise is broken when the day it names has ended where the customer is. */
export const brokenAt = (promisedOn: LocalDate, zone: string): Instant => startOfDay(addDays(promisedOn, 1), zone);

/** The moment an anchor date and a step's timing give. */
function anchored({ facts, calendar }: LadderInput, timing: StepTiming, anchor: LocalDate): Instant {
  const { zone, country, region } = facts.customer;
  const offset = parseDuration(timing.offset);
  if (isClockDuration(offset)) return startOfDay(anchor, zone) + durationMs(offset);
  let date = timing.businessDays
    ? addWorkingDays(anchor, signedDays(offset), calendar, country, region)
    : addToDate(anchor, dateOnly(offset));
  if (timing.roll) date = rollToWorkingDay(date, timing.roll, calendar, country, region);
  return instantOf(date, timing.time ?? DEFAULT_TIME, zone);
}

const signedDays = (offset: Duration): number => offset.sign * (offset.weeks * 7 + offset.days);
const dateOnly = (offset: Duration): Duration => ({ ...offset, hours: 0, minutes: 0, seconds: 0 });

function afterPrevious(input: LadderInput, step: Step, stepIndex: number, timing: StepTiming): Occurrence[] {
  const decided = previousDecision(input, stepIndex);
  if (decided === null) return [];
  const { zone } = input.facts.customer;
  const offset = parseDuration(timing.offset);
  const plain = !timing.time && !timing.businessDays && !timing.roll;
  const nominal = plain
    ? addToInstant(decided, offset, zone)
    : Math.max(decided, anchored(input, { ...timing, time: timing.time ?? DEFAULT_TIME }, localDateOf(decided, zone)));
  return repeated(input, step, stepIndex, nominal);
}

/** When the nearest earlier step that always comes was decided for the last time; null while it was not. */
function previousDecision(input: LadderInput, stepIndex: number): Instant | null {
  const { document, cursor } = input;
  for (let index = stepIndex - 1; index >= 0; index -= 1) {
    const step = document.steps[index];
    if (!step?.at || step.at.anchor === 'promise_date' || step.at.anchor === 'instalment_date') continue;
    const decisions = stepOccurrences(input, step, index).map((o) => decidedAt(cursor, step.key, o.occurrence));
    if (decisions.length === 0 || decisions.some((decision) => !decision)) return null;
    return Math.max(...decisions.map((decision) => decision?.at ?? 0));
  }
  return null;
}

function repeated(input: LadderInput, step: Step, stepIndex: number, first: Instant): Occurrence[] {
  const { zone } = input.facts.customer;
  const { dueOn } = input.facts.invoice;
  const found = [dated(input, step, stepIndex, 0, first, dueOn)];
  if (!step.repeat) return found;
  const every = parseDuration(step.repeat.every);
  const last = step.repeat.until ? addToInstant(first, parseDuration(step.repeat.until), zone) : Infinity;
  const max = Math.min(step.repeat.max ?? MAX_OCCURRENCES, MAX_OCCURRENCES);
  for (let n = 1, at = addToInstant(first, every, zone); n < max && at <= last; n += 1, at = addToInstant(at, every, zone)) {
    found.push(dated(input, step, stepIndex, n, at, dueOn));
  }
  return found;
}

function dated(
  { facts }: LadderInput,
  step: Step,
  stepIndex: number,
  occurrence: number,
  nominal: Instant,
  dueOn: LocalDate | null,
): Occurrence {
  const hasSide = dueOn !== null && step.at?.anchor !== 'previous_step';
  const side = hasSide ? (localDateOf(nominal, facts.customer.zone) <= dueOn ? 'before' : 'after') : null;
  return { step, stepIndex, occurrence, nominal, side };
}
