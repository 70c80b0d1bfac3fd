import { clockMs, formatDuration, hasClockPart } from './duration.js';
import type { Duration } from './duration.js';
import type { Instant, LocalDate, LocalTime } from './instant.js';
import { offsetAt, segmentAt } from './zone-offsets.js';

export { isZone } from './zone-offsets.js';

/**
 * Local dates and times of a named zone. Nothing here reads the machine's zone. Dates are days of the proleptic
 * Gregorian calendar from 0001-01-01 to 9999-12-31 and are counted as whole days since 1970-01-01 (epoch days).
 */
const DAY = 86_400_000;
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;

/** The calendar day at an instant in a zone. */
export const localDateOf = (instant: Instant, zone: string): LocalDate =>
  dateOfEpochDay(Math.floor((instant + offsetAt(instant, zone)) / DAY));

/** What the wall clock shows at an instant in a zone, `HH:MM`, seconds cut off. */
export function localTimeOf(instant: Instant, zone: string): LocalTime {
  const minute = minuteOfDay(instant, zone);
  return `${pad2(Math.floor(minute / 60))}:${pad2(minute % 60)}`;
}

/** Minutes of the wall clock since 00:00, 0 to 1439: what quiet hours compare. */
export const minuteOfDay = (instant: Instant, zone: string): number =>
  Math.floor(millisecondOfDay(instant, zone) / 60_000);

/** Milliseconds of the wall clock since 00:00; on a day with a clock change this is not the time elapsed. */
export function millisecondOfDay(instant: Instant, zone: string): number {
  const local = instant + offsetAt(instant, zone);
  return local - Math.floor(local / DAY) * DAY;
}

/**
 * The instant of a wall-clock time (`HH:MM`, or milliseconds since 00:00) in a zone. A time that the zone skips
 * moves to the next valid instant, the clock change itself (02:30 in a gap from 02:00 to 03:00 gives 03:00; a day
 * skipped whole, as 2011-12-30 in Pacific/Apia, gives the first instant of the next); one that happens twice gives
 * the first.
 *
 * @throws RangeError when date, time or zone is none.
 */
export function instantOf(date: LocalDate, time: LocalTime | number, zone: string): Instant {
  const local = epochDayOf(date) * DAY + (typeof time === 'number' ? time : millisecondsOf(time));
  let segment = segmentAt(local - DAY, zone);
  while (local - segment.offset >= segment.to) segment = segmentAt(segment.to, zone);
  return Math.max(segment.from, local - segment.offset);
}

/** The first instant of a day in a zone: not always 00:00, for some zones change their clocks at midnight. */
export const startOfDay = (date: LocalDate, zone: string): Instant => instantOf(date, 0, zone);

/**
 * An instant moved by a duration: the calendar part first, keeping the wall-clock time of the zone, then the clock
 * part as elapsed time (the order of RFC 5545, 3.3.6).
 */
export function addToInstant(instant: Instant, duration: Duration, zone: string): Instant {
  const date = localDateOf(instant, zone);
  const moved = addToDate(date, { ...duration, hours: 0, minutes: 0, seconds: 0 });
  const start = moved === date ? instant : instantOf(moved, millisecondOfDay(instant, zone), zone);
  return start + clockMs(duration);
}

/**
 * A date moved by a calendar duration: years and months first, a day the month lacks becoming its last (31 January
 * plus P1M is 28 or 29 February), then weeks and days. `sign: -1` goes the other way.
 *
 * @throws RangeError when the duration has a clock part, or the result leaves the years 1 to 9999.
 */
export function addToDate(date: LocalDate, duration: Duration, options: { sign?: 1 | -1 } = {}): LocalDate {
  if (hasClockPart(duration)) {
    throw new RangeError(`a date cannot move by ${formatDuration(duration)}; write whole days like P1D`);
  }
  const sign = duration.sign * (options.sign ?? 1);
  const months = sign * (duration.years * 12 + duration.months);
  const from = months === 0 ? epochDayOf(date) : addMonths(epochDayOf(date), months);
  return dateOfEpochDay(from + sign * (duration.weeks * 7 + duration.days));
}

/** The date `days` later, or earlier when negative. */
export const addDays = (date: LocalDate, days: number): LocalDate => dateOfEpochDay(epochDayOf(date) + days);

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => epochDayOf(to) - epochDayOf(from);

/** ISO 8601 day of the week: 1 Monday to 7 Sunday. */
export const weekdayOf = (date: LocalDate): number => ((((epochDayOf(date) + 3) % 7) + 7) % 7) + 1;

/** Whether the text is a day that exists, `YYYY-MM-DD`. */
export const isLocalDate = (text: string): boolean => !Number.isNaN(readDate(text));

/** Whether the text is a wall-clock time, `00:00` to `23:59`. */
export const isLocalTime = (text: string): boolean => !Number.isNaN(readTime(text));

/** @throws RangeError when the text is no wall-clock time `HH:MM`. */
export function millisecondsOf(time: LocalTime): number {
  const ms = readTime(time);
  if (Number.isNaN(ms)) throw new RangeError(`"${time}" is no time of day; write it like 09:30`);
  return ms;
}

/**
 * Whole days since 1970-01-01.
 *
 * @throws RangeError when the text is no day that exists.
 */
export function epochDayOf(date: LocalDate): number {
  const known = dayByDate.get(date);
  if (known !== undefined) return known;
  const day = readDate(date);
  if (Number.isNaN(day))
    throw new RangeError(`"${date}" is no date; write a day that exists like 2013-01-29`);
  return remember(dayByDate, date, day);
}

/** @throws RangeError when the day is before 0001-01-01 or after 9999-12-31. */
export function dateOfEpochDay(day: number): LocalDate {
  const known = dateByDay.get(day);
  if (known !== undefined) return known;
  if (!(day >= FIRST_DAY && day <= LAST_DAY && Number.isInteger(day))) {
    throw new RangeError(`day ${day} since 1970-01-01 is no date; stay within the years 1 to 9999`);
  }
  const { year, month, dayOfMonth } = civilOf(day);
  return remember(dateByDay, day, `${String(year).padStart(4, '0')}-${pad2(month)}-${pad2(dayOfMonth)}`);
}

/** Dates written and read before: planning goes over the same few thousand days, which would take half of its time. */
const dateByDay = new Map<number, LocalDate>();
const dayByDate = new Map<LocalDate, number>();
const MOST_REMEMBERED = 20_000;

function remember<Key, Value>(known: Map<Key, Value>, key: Key, value: Value): Value {
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, value);
  return value;
}

const pad2 = (n: number): string => (n < 10 ? `0${n}` : String(n));

function readDate(text: string): number {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return NaN;
  return day <= daysInMonth(year, month) ? epochDay(year, month, day) : NaN;
}

function readTime(text: string): number {
  if (text.length !== 5 || text.charCodeAt(2) !== 58) return NaN;
  const hours = twoDigits(text, 0);
  const minutes = twoDigits(text, 3);
  return hours <= 23 && minutes <= 59 ? (hours * 60 + minutes) * 60_000 : NaN;
}

/** Two ASCII digits as a number, NaN when there are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? NaN);

function addMonths(day: number, months: number): number {
  const { year, month, dayOfMonth } = civilOf(day);
  const index = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return epochDay(y, m, Math.min(dayOfMonth, daysInMonth(y, m)));
}

/** Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013), `days_from_civil`. */
function epochDay(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Source: as `epochDay`, `civil_from_days`. */
function civilOf(day: number): { year: number; month: number; dayOfMonth: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth };
}
