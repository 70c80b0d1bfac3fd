import { DEFAULT_TIME, type Step, type StepTiming } from '#domain/campaign/document.js';
import { type Duration, durationMs, hasClockPart, isClockDuration, parseDuration } from '#domain/duration.js';
import type { CustomerFacts } from '#domain/facts.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { addToDate, addToInstant, instantOf, localDateOf, startOfDay } from '#domain/local-time.js';
import { addWorkingDays, rollToWorkingDay, type WorkingCalendar } from '#domain/working-days.js';

/** The n-th time a step comes, from 0. */
export type Moments = (n: number) => Instant;

type Place = Pick<CustomerFacts, 'zone' | 'country' | 'region'>;

/**
 * The moments that an anchor date gives. Each is counted from the first, so that neither a short month nor a clock
 * change moves those after it, and lands on a working day where the step asks for one.
 */
export function momentsOf(
  timing: StepTiming,
  repeat: Step['repeat'],
  anchor: LocalDate,
  place: Place,
  calendar: WorkingCalendar,
): Moments {
  const { zone, country, region } = place;
  const { offset, days, isOnClock } = offsetOf(timing);
  if (isOnClock) return every(startOfDay(anchor, zone) + durationMs(offset), repeat, zone);
  const first = timing.businessDays
    ? addWorkingDays(anchor, signedDays(offset), calendar, country, region)
    : addToDate(anchor, days);
  const at = (date: LocalDate, roll = timing.roll): Instant => {
    const day = roll ? rollToWorkingDay(date, roll, calendar, country, region) : date;
    return instantOf(day, timing.time ?? DEFAULT_TIME, zone);
  };
  const step = repeat && parseDuration(repeat.every);
  if (!step) return () => at(first);
  if (hasClockPart(step)) return every(at(first), repeat, zone);
  const rollAgain = timing.roll ?? (timing.businessDays ? 'next' : undefined);
  return (n) => (n === 0 ? at(first) : at(addToDate(first, times(step, n)), rollAgain));
}

/** The moments counted from an instant at which the previous step was decided. */
export function momentsFrom(
  timing: StepTiming,
  repeat: Step['repeat'],
  decided: Instant,
  place: Place,
  calendar: WorkingCalendar,
): Moments {
  const { zone } = place;
  const isPlain = !timing.time && !timing.businessDays && !timing.roll;
  if (isPlain) return every(addToInstant(decided, offsetOf(timing).offset, zone), repeat, zone);
  const moments = momentsOf(timing, repeat, localDateOf(decided, zone), place, calendar);
  return (n) => Math.max(decided, moments(n));
}

const every = (first: Instant, repeat: Step['repeat'], zone: string): Moments => {
  const step = repeat && parseDuration(repeat.every);
  return (n) => (n === 0 || !step ? first : addToInstant(first, times(step, n), zone));
};

interface Offset {
  offset: Duration;
  /** Its calendar part. */
  days: Duration;
  isOnClock: boolean;
}

const offsets = new WeakMap<StepTiming, Offset>();

/** A step's offset, read once: a document is planned from many thousand times. */
function offsetOf(timing: StepTiming): Offset {
  const known = offsets.get(timing);
  if (known) return known;
  const offset = parseDuration(timing.offset);
  const days: Duration = { ...offset, hours: 0, minutes: 0, seconds: 0 };
  const read = { offset, days, isOnClock: isClockDuration(offset) };
  offsets.set(timing, read);
  return read;
}

/** Whether a step's offset is counted in hours or less, so that it has no local time of its own. */
export const isOnClock = (timing: StepTiming): boolean => offsetOf(timing).isOnClock;

const signedDays = ({ sign, weeks, days }: Duration): number => sign * (weeks * 7 + days);

const times = (duration: Duration, n: number): Duration => ({
  sign: duration.sign,
  years: duration.years * n,
  months: duration.months * n,
  weeks: duration.weeks * n,
  days: duration.days * n,
  hours: duration.hours * n,
  minutes: duration.minutes * n,
  seconds: duration.seconds * n,
});
