import type { DataSource } from 'typeorm';
import type { Instant } from '#domain/instant.js';
import { OrganisationClock } from './organisation-clock.js';
import { SettledWatch } from './settled.js';
import { runTimeline } from './timeline.js';

export interface AdvanceDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Where that database is, for LISTEN. */
  appUrl: string;
}

export class ClockCannotGoBackError extends Error {
  override name = 'ClockCannotGoBackError';
}

/**
 * Advances the clock of a test organisation, running every step that comes due on the way. Stops between two moments
 * when the budget (of real time) is used up; calling again goes on.
 *
 * @throws {ClockCannotGoBackError} when `to` lies before the clock
 */
export async function advanceClock(
  { dataSource, appUrl }: AdvanceDeps,
  organisationId: string,
  to: Instant,
  budgetMs: number,
  actor = 'clock',
): Promise<{ now: Instant; reached: boolean }> {
  const watch = new SettledWatch(dataSource, organisationId);
  const clock = new OrganisationClock({ dataSource, organisationId, actor, watch });
  if (to < (await clock.now()))
    throw new ClockCannotGoBackError('A clock only goes forward: choose a later moment.');
  await watch.open(appUrl);
  try {
    const endAt = Date.now() + budgetMs;
    return await runTimeline(clock, [], { until: to, shouldPause: () => Date.now() > endAt });
  } finally {
    await watch.close();
  }
}
