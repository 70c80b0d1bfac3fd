import {
  alwaysComes,
  type CampaignDocument,
  DEFAULT_TIME,
  MAX_OCCURRENCES,
  type Step,
  type StepTiming,
} from '#domain/campaign/document.js';
import { parseDuration } from '#domain/duration.js';
import { type EnrolmentFacts, isKept } from '#domain/facts.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { addDays, addToInstant, instantOf, localDateOf } from '#domain/local-time.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { breaksAt, dueDateOf, occurrenceOf, type PlanFacts, planParts } from '#domain/instalments.js';
import { type Cursor, decidedAt } from './cursor.js';
import { type Moments, momentsFrom, momentsOf } from './moments.js';
import { ofRun } from './run.js';

/** One time a step comes due. Steps that repeat, or follow several dates or events, have several. */
export interface Occurrence {
  step: Step;
  stepIndex: number;
  occurrence: number;
  /** The moment the ladder names, before lateness, holds and spacing. */
  nominal: Instant;
  /**
   * `before`: it speaks of a date to come, so it makes no sense after it; `after`: it belongs to the overdue
   * side; null: it follows an event or a step and has no side.
   */
  side: 'before' | 'after' | null;
  /** The date it speaks of: the invoice's due date, an instalment's or a promise's; null without a side. */
  dueOn: LocalDate | null;
  /** Overdue steps of one lane keep their spacing; null where the others' lateness does not matter. */
  lane: string | null;
  /** It follows one of several dates or events, and the next of them overtakes it. */
  isOneOfMany: boolean;
}

export interface LadderInput {
  facts: EnrolmentFacts;
  document: CampaignDocument;
  cursor: Cursor;
  calendar: WorkingCalendar;
}

/** Every occurrence known by now, decided ones included, by nominal moment, then place in the ladder. */
export function occurrencesOf(given: LadderInput): Occurrence[] {
  const input = ofRun(given);
  return input.document.steps
    .flatMap((step, stepIndex) => stepOccurrences(input, step, stepIndex))
    .sort((a, b) => a.nominal - b.nominal || a.stepIndex - b.stepIndex || a.occurrence - b.occurrence);
}

function stepOccurrences(input: LadderInput, step: Step, stepIndex: number): Occurrence[] {
  if (!step.at) return eventOccurrences(input, step, stepIndex);
  const { facts } = input;
  const rung: Rung = { input, step, stepIndex, timing: step.at };
  switch (step.at.anchor) {
    case 'issue_date':
      return repeated(rung, momentsAt(rung, facts.invoice.issuedOn), facts.invoice.dueOn);
    case 'due_date':
      return repeated(rung, momentsAt(rung, facts.invoice.dueOn), facts.invoice.dueOn);
    case 'previous_step':
      return afterPrevious(rung);
    case 'promise_date':
      return promisesOf(rung).map((promise) => ofOneDate(rung, promise.sequence, promise.promisedOn));
    case 'instalment_date':
      return facts.plan ? ofPlan(rung, facts.plan) : ofParts(rung);
  }
}

const ofParts = (rung: Rung): Occurrence[] =>
  rung.input.facts.invoice.parts.flatMap((part) => {
    const dueOn = dueDateOf(part);
    return dueOn !== null && part.paid + part.pending < part.amount
      ? [ofOneDate(rung, part.sequence, dueOn)]
      : [];
  });

/** Those before the plan ends by what was missed, if it does: then all that is left is due at once. */
function ofPlan(rung: Rung, plan: PlanFacts): Occurrence[] {
  const end = breaksAt(plan, rung.input.facts.customer.zone) ?? Infinity;
  return planParts(plan)
    .flatMap(({ number, dueOn, open }) =>
      dueOn !== null && open > 0 ? [ofOneDate(rung, occurrenceOf(plan, number), dueOn)] : [],
    )
    .filter(({ nominal }) => nominal >= plan.agreedAt && nominal < end);
}

interface Rung {
  input: LadderInput;
  step: Step;
  stepIndex: number;
  timing: StepTiming;
}

/** The promises that a step speaks of: not of one that is kept, unless it has spoken already. */
const promisesOf = ({
  input: { facts, cursor },
  step,
}: Pick<Rung, 'input' | 'step'>): EnrolmentFacts['promises'] =>
  facts.promises.filter(
    (promise) =>
      !promise.cancelled && (!isKept(promise) || decidedAt(cursor, step.key, promise.sequence) !== undefined),
  );

function eventOccurrences(input: LadderInput, step: Step, stepIndex: number): Occurrence[] {
  const { facts } = input;
  const occurrence = (sequence: number, nominal: Instant): Occurrence => ({
    step,
    stepIndex,
    occurrence: sequence,
    nominal,
    side: null,
    dueOn: null,
    lane: null,
    isOneOfMany: true,
  });
  const all =
    step.on === 'promise_broken'
      ? promisesOf({ input, step }).map((promise) =>
          occurrence(promise.sequence, brokenAt(promise.promisedOn, facts.customer.zone)),
        )
      : facts.events.filter((e) => e.kind === step.on).map((event) => occurrence(event.sequence, event.at));
  return all.filter(({ nominal }) => nominal >= facts.enrolledAt);
}

/** A promise is broken when the day it names has ended where the customer is; nobody is told so at midnight. */
const brokenAt = (promisedOn: LocalDate, zone: string): Instant =>
  instantOf(addDays(promisedOn, 1), DEFAULT_TIME, zone);

const momentsAt = ({ input, step, timing }: Rung, anchor: LocalDate): Moments =>
  momentsOf(timing, step.repeat, anchor, input.facts.customer, input.calendar);

function afterPrevious(rung: Rung): Occurrence[] {
  const { input, step, stepIndex, timing } = rung;
  const decided = previousDecision(input, stepIndex);
  if (decided === null) return [];
  return repeated(
    rung,
    momentsFrom(timing, step.repeat, decided, input.facts.customer, input.calendar),
    null,
  );
}

/** When the nearest earlier step that always comes was decided for the last time; null while it was not. */
function previousDecision(input: LadderInput, stepIndex: number): Instant | null {
  const { document, cursor } = input;
  for (let index = stepIndex - 1; index >= 0; index -= 1) {
    const step = document.steps[index];
    if (!step || !alwaysComes(step)) continue;
    const decisions = stepOccurrences(input, step, index).map((o) =>
      decidedAt(cursor, step.key, o.occurrence),
    );
    if (decisions.length === 0 || decisions.some((decision) => !decision)) return null;
    return Math.max(...decisions.map((decision) => decision?.at ?? 0));
  }
  return null;
}

function repeated(rung: Rung, moments: Moments, dueOn: LocalDate | null): Occurrence[] {
  const { step, input } = rung;
  const first = moments(0);
  const found = [sided(rung, 0, first, dueOn)];
  if (!step.repeat) return found;
  const { until, max = MAX_OCCURRENCES } = step.repeat;
  const end = until ? addToInstant(first, parseDuration(until), input.facts.customer.zone) : Infinity;
  let last = first;
  for (let n = 1; n < max; n += 1) {
    const nominal = moments(n);
    if (nominal > end) break;
    // Days off that roll to one working day are one occasion, not several.
    if (nominal > last) found.push(sided(rung, n, nominal, dueOn));
    last = Math.max(last, nominal);
  }
  return found;
}

function ofOneDate(rung: Rung, sequence: number, date: LocalDate): Occurrence {
  const one = sided(rung, sequence, momentsAt(rung, date)(0), date);
  return { ...one, lane: one.lane && `${rung.timing.anchor}/${sequence}`, isOneOfMany: true };
}

function sided(
  { input, step, stepIndex }: Rung,
  occurrence: number,
  nominal: Instant,
  dueOn: LocalDate | null,
): Occurrence {
  const side =
    dueOn === null ? null : localDateOf(nominal, input.facts.customer.zone) <= dueOn ? 'before' : 'after';
  const lane = side === 'after' ? side : null;
  return { step, stepIndex, occurrence, nominal, side, dueOn, lane, isOneOfMany: false };
}
