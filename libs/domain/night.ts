import type { Instant, LocalDate } from './instant.js';
import { addDays, instantOf, localDateOf } from './local-time.js';

/** When an organisation's work of the night begins, by its own clock: what is due that day is enrolled before it. */
const NIGHT_TIME = '02:00';

/**
 * When the work of the night is to be done next: at once, where a night was missed.
 *
 * @param doneOn the last day of the organisation's own whose night's work is done; null: none yet
 */
export function nextNight(now: Instant, doneOn: LocalDate | null, zone: string): Instant {
  const today = localDateOf(now, zone);
  const day = doneOn === null || doneOn < today ? today : addDays(doneOn, 1);
  return Math.max(now, instantOf(day, NIGHT_TIME, zone));
}
