import type { Instant } from '#domain/instant.js';
import { addDays, localDateOf, startOfDay, weekdayOf } from '#domain/local-time.js';
import type { Window } from './policy.js';

const HOUR = 3_600_000;

/**
 * Until when what happened at an instant counts: at that very instant no more.
 *
 * @param zone the person's, as an IANA name
 */
export function countsUntil(at: Instant, window: Window, zone: string): Instant {
  if (window.kind === 'elapsed') return at + window.hours * HOUR;
  const day = localDateOf(at, zone);
  if (window.kind === 'days') return startOfDay(addDays(day, window.days), zone);
  switch (window.unit) {
    case 'day':
      return startOfDay(addDays(day, 1), zone);
    case 'week':
      return startOfDay(addDays(day, 8 - weekdayOf(day)), zone);
    case 'month':
      return startOfDay(firstOfNextMonth(day), zone);
  }
}

/** No month has 32 days, and the day after its last 31 lies in the next. */
const firstOfNextMonth = (day: string): string => `${addDays(`${day.slice(0, 8)}01`, 31).slice(0, 8)}01`;
