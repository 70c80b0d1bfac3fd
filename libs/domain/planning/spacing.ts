import type { Instant } from '#domain/instant.js';
import type { Occurrence } from './occurrences.js';
import { shifted } from './lateness.js';

const DAY = 86_400_000;

/** The last step that reached somebody, or became a task. */
export interface Contacted {
  at: Instant;
  /** The moment the ladder had named for it. */
  nominal: Instant;
}

/**
 * From when on a step that waited while another went out may go out itself: it keeps the distance that the ladder
 * gives the two, up to a day. So whatever was held up (an outage, a hold, other steps' events) comes out one by one, and
 * two steps at one instant only where the ladder names that instant for both.
 */
export function distanceKept(
  occurrence: Occurrence,
  dueAt: Instant,
  last: Contacted | null,
  zone: string,
): Instant {
  if (!last || dueAt > last.at || countsFrom(occurrence, last)) return -Infinity;
  const distance = Math.abs(occurrence.nominal - last.nominal);
  return distance < DAY ? last.at + distance : shifted(last.at, 1, zone);
}

/** A step that follows the previous one already counts from when that was decided. */
const countsFrom = ({ step, nominal }: Occurrence, last: Contacted): boolean =>
  step.at?.anchor === 'previous_step' && nominal >= last.at;
