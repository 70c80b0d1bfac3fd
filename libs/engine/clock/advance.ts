import type { DataSource } from 'typeorm';
import type { Instant } from '#domain/instant.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { lockClock } from './clock-lock.js';
import { OrganisationClock, SETTLE_PATIENCE_MS } from './organisation-clock.js';
import { SettledWatch } from './settled.js';
import { runTimeline } from './timeline.js';

export interface AdvanceDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Where that database is, for LISTEN and for a lock of its own. */
  appUrl: string;
  /** By which rules enrol at night. */
  calendar: WorkingCalendar;
}

export class ClockCannotGoBackError extends Error {
  override name = 'ClockCannotGoBackError';
}

/**
 * Advances the clock of a test organisation, running every step that comes due on the way. Stops between two moments
 * when the budget (of real time) is used up; calling again goes on.
 *
 * @throws {ClockCannotGoBackError} when `to` lies before the clock
 * @throws {ClockBusyError} when it is being advanced already
 * @throws {NotSettledError} when what was recorded before is not planned in time: no worker runs
 */
export async function advanceClock(
  deps: AdvanceDeps,
  organisationId: string,
  to: Instant,
  budgetMs: number,
  actor = 'clock',
): Promise<{ now: Instant; reached: boolean }> {
  const lock = await lockClock(deps.appUrl, organisationId);
  const endAt = Date.now() + budgetMs;
  try {
    return await advanceLocked(
      deps,
      { organisationId, actor, to, budgetMs },
      () => Date.now() > endAt || !lock.isHeld(),
    );
  } finally {
    await lock.release();
  }
}

async function advanceLocked(
  { dataSource, appUrl, calendar }: AdvanceDeps,
  {
    organisationId,
    actor,
    to,
    budgetMs,
  }: { organisationId: string; actor: string; to: Instant; budgetMs: number },
  shouldPause: () => boolean,
): Promise<{ now: Instant; reached: boolean }> {
  const watch = new SettledWatch(dataSource, organisationId);
  const clock = new OrganisationClock({ dataSource, organisationId, actor, watch, calendar });
  if (to < (await clock.now()))
    throw new ClockCannotGoBackError('A clock only goes forward: choose a later moment.');
  await watch.open(appUrl);
  try {
    // A fact recorded a moment ago may bring a step that is due on the way, and is in no plan yet.
    await watch.settled(null, Math.min(budgetMs, SETTLE_PATIENCE_MS));
    return await runTimeline(clock, [], { until: to, shouldPause });
  } finally {
    await watch.close();
  }
}
