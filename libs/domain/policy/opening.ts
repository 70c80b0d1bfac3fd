import type { Instant, LocalDate } from '#domain/instant.js';
import { addDays, instantOf, localDateOf, startOfDay, weekdayOf } from '#domain/local-time.js';
import { type HolidayLookup, isWeekend } from '#domain/working-days.js';
import type { BlackoutRule, DayKind, HoursRule } from './policy.js';

/** Where a person is, as far as hours depend on it. */
export interface Place {
  /** IANA name. */
  zone: string;
  /** All that it may be, where it is not known; left out, or none, where it is. */
  possibleZones?: readonly string[];
  country: string | null;
  region: string | null;
}

/** Longest run of closed days that is believed; more are never open. */
const LONGEST_CLOSED_DAYS = 60;
const SUNDAY = 7;

/** The first instant from `from` on at which the hours are open; null when they never are. */
export function nextOpening(
  { open }: Pick<HoursRule, 'open'>,
  from: Instant,
  place: Place,
  isHoliday: HolidayLookup,
): Instant | null {
  let day = localDateOf(from, place.zone);
  for (let passed = 0; passed <= LONGEST_CLOSED_DAYS; passed++, day = addDays(day, 1)) {
    const hours = open[kindOf(day, place, isHoliday)];
    if (!hours) continue;
    const start = Math.max(from, instantOf(day, hours.from, place.zone));
    if (start < instantOf(day, hours.to, place.zone)) return start;
  }
  return null;
}

/** The first instant from `from` on that is on none of the days. */
export function afterBlackout(
  days: Pick<BlackoutRule, 'from' | 'to'>,
  from: Instant,
  { zone }: Pick<Place, 'zone'>,
): Instant {
  const day = localDateOf(from, zone);
  return days.from <= day && day <= days.to ? startOfDay(addDays(days.to, 1), zone) : from;
}

export function kindOf(day: LocalDate, { country, region }: Place, isHoliday: HolidayLookup): DayKind {
  if (isHoliday(day, country, region)) return 'holiday';
  if (weekdayOf(day) === SUNDAY) return 'sunday';
  return isWeekend(day, country) ? 'weekend' : 'weekday';
}
