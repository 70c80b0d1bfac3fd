import { parseDuration } from '#domain/duration.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import {
  addDays,
  addToInstant,
  daysBetween,
  instantOf,
  localDateOf,
  millisecondOfDay,
  millisecondsOf,
  startOfDay,
} from '#domain/local-time.js';
import { DEFAULT_TIME } from '#domain/campaign/document.js';
import { isOnClock } from './moments.js';
import type { Occurrence } from './occurrences.js';

const HOUR = 3_600_000;
/** A step at most this late (a restart, a short outage) goes out at once. */
const PROMPT = 4 * HOUR;
/** A later one waits for the step's own local time and goes out until this hour, or this long after its time. */
const LATEST_HOUR = 20 * HOUR;

/** Days by which a step may slip (a weekend's morning, a deferral) before the steps after it keep their distance. */
const ABSORBED_DAYS = 1;

/**
 * The moment an undecided step can go out: its own moment while that is to come; at once when it is a little late or
 * counted on the clock; else the next local daytime slot that begins at the step's own time, so that nothing bursts out at night.
 */
export function lateSlot(occurrence: Occurrence, planned: Instant, now: Instant, zone: string): Instant {
  if (planned >= now) return planned;
  const timing = occurrence.step.at;
  if (now - planned <= PROMPT || (timing && isOnClock(timing))) return now;
  const opens = timing ? millisecondOfDay(planned, zone) : DEFAULT_OPENING;
  const elapsed = millisecondOfDay(now, zone);
  const today = localDateOf(now, zone);
  if (elapsed < opens) return Math.max(now, instantOf(today, opens, zone));
  return elapsed < Math.max(opens + PROMPT, LATEST_HOUR) ? now : instantOf(addDays(today, 1), opens, zone);
}

const DEFAULT_OPENING = millisecondsOf(DEFAULT_TIME);

/** Days the steps after one decided (or to be decided) at `at` have to move, so that spacing is kept. */
export function carriedDays(occurrence: Occurrence, at: Instant, zone: string): number {
  const late = daysBetween(localDateOf(occurrence.nominal, zone), localDateOf(at, zone));
  return late > ABSORBED_DAYS ? late : 0;
}

/** The moment moved by whole days, keeping the local time. */
export const shifted = (nominal: Instant, days: number, zone: string): Instant =>
  days === 0
    ? nominal
    : instantOf(addDays(localDateOf(nominal, zone), days), millisecondOfDay(nominal, zone), zone);

/**
 * From when on a step makes no sense any more: its `validFor`, counted from its moment (or from the enrolment when
 * that came later); without one, the end of the date for a step that speaks of a date to come.
 */
export function deadlineOf(occurrence: Occurrence, planned: Instant, facts: EnrolmentFacts): Instant {
  const { zone } = facts.customer;
  const { side, dueOn, step } = occurrence;
  if (step.validFor)
    return addToInstant(Math.max(planned, facts.enrolledAt), parseDuration(step.validFor), zone);
  return side === 'before' && dueOn !== null ? startOfDay(addDays(dueOn, 1), zone) : Infinity;
}
