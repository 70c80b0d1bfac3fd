import { addDays, weekdayOf } from './local-time.js';
import type { LocalDate } from './instant.js';

/** Which days count as working days at a place. */
export interface WorkingCalendar {
  /**
   * @param country ISO 3166-1 alpha-2 code, or null when unknown: Saturday and Sunday are then the weekend
   * @param region ISO 3166-2 subdivision, `MD` or `ES-MD`, or null
   */
  isWorkingDay(date: LocalDate, country: string | null, region: string | null): boolean;
  /** Public holidays alone, whatever the weekday. */
  isHoliday: HolidayLookup;
}

/** Whether a day is a public holiday at a place; parameters as of {@link WorkingCalendar.isWorkingDay}. */
export type HolidayLookup = (date: LocalDate, country: string | null, region: string | null) => boolean;

/**
 * ISO weekdays of the weekend where it is not Saturday and Sunday.
 * Source: Unicode CLDR 48, `supplemental/weekData` (`weekendStart`, `weekendEnd`).
 */
const WEEKENDS: Readonly<Record<string, readonly number[]>> = {
  ...placesWith([5, 6], 'BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE'),
  ...placesWith([4, 5], 'AF'),
  ...placesWith([5], 'IR'),
  ...placesWith([7], 'IN UG'),
};
const SATURDAY_AND_SUNDAY: readonly number[] = [6, 7];

/** Longest run of days off that is believed: a calendar with more has no working days at all. */
const LONGEST_BREAK = 60;

/** Whether a day falls on the weekend of a country (ISO 3166-1 alpha-2; null: Saturday and Sunday). */
export const isWeekend = (date: LocalDate, country: string | null): boolean =>
  ((country && WEEKENDS[country.toUpperCase()]) || SATURDAY_AND_SUNDAY).includes(weekdayOf(date));

/** Every day but the country's weekend is a working day; public holidays are not known to it. */
export const weekendCalendar: WorkingCalendar = {
  isWorkingDay: (date, country) => !isWeekend(date, country),
  isHoliday: () => false,
};

/**
 * Every day but the country's weekend and its public holidays. The holidays are injected (`loadPublicHolidays` of
 * holidays.ts reads date-holidays), because their data has no place in the workflow bundle.
 */
export function holidayCalendar(isPublicHoliday: HolidayLookup): WorkingCalendar {
  return {
    isWorkingDay: (date, country, region) =>
      !isWeekend(date, country) && !isPublicHoliday(date, country, region),
    isHoliday: isPublicHoliday,
  };
}

/**
 * The `days`-th working day after a date, or before it when negative. Zero gives the date itself, whether it is a
 * working day or not: see {@link rollToWorkingDay}.
 *
 * @throws RangeError when `days` is no whole number, or the calendar has no working day within 60 days.
 */
export function addWorkingDays(
  date: LocalDate,
  days: number,
  calendar: WorkingCalendar,
  country: string | null,
  region: string | null,
): LocalDate {
  if (!Number.isInteger(days))
    throw new RangeError(`${days} is no count of working days; write a whole number`);
  const step = days < 0 ? -1 : 1;
  let result = date;
  for (let left = Math.abs(days); left > 0; left--) {
    result = firstWorkingDay(addDays(result, step), step, calendar, country, region);
  }
  return result;
}

/**
 * The date itself when it is a working day, else the nearest one in the direction.
 *
 * @throws RangeError when the calendar has no working day within 60 days.
 */
export function rollToWorkingDay(
  date: LocalDate,
  direction: 'next' | 'previous',
  calendar: WorkingCalendar,
  country: string | null,
  region: string | null,
): LocalDate {
  return firstWorkingDay(date, direction === 'next' ? 1 : -1, calendar, country, region);
}

function firstWorkingDay(
  from: LocalDate,
  step: 1 | -1,
  calendar: WorkingCalendar,
  country: string | null,
  region: string | null,
): LocalDate {
  for (let passed = 0; passed <= LONGEST_BREAK; passed++) {
    const date = addDays(from, passed * step);
    if (calendar.isWorkingDay(date, country, region)) return date;
  }
  throw new RangeError(
    `no working day within ${LONGEST_BREAK} days of ${from} in ${country ?? 'an unknown country'}; check its calendar`,
  );
}

function placesWith(weekend: readonly number[], countries: string): Record<string, readonly number[]> {
  return Object.fromEntries(countries.split(' ').map((country) => [country, weekend]));
}
