import type { DataSource } from 'typeorm';
import { type LocalDate, type Instant } from '#domain/instant.js';
import { localDateOf } from '#domain/local-time.js';
import { nextNight } from '#domain/night.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { withSystem } from '#store/with-organisation.js';
import { withScope } from '../scope.js';
import { type InScope, runRules, type RulesRun } from './run.js';

const ACTOR = 'engine';

export interface NightDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Of the role `system`. */
  system: DataSource;
  calendar: WorkingCalendar;
  log: (message: string, detail: object) => void;
}

/**
 * Does the work of the night of each live organisation whose night it is, and that of a night that was missed. Any number
 * of workers may do so at once: what one has enrolled, another finds enrolled.
 */
export async function workAtNight({ dataSource, system, calendar, log }: NightDeps): Promise<void> {
  for (const { id, zone, night_done_on: doneOn } of await liveOrganisations(system)) {
    if (nextNight(Date.now(), doneOn, zone) > Date.now()) continue;
    const inScope: InScope = (work) => withScope(dataSource, id, ACTOR, work);
    const { enrolled, unpublished } = await nightOf(inScope, calendar);
    const detail = { organisationId: id, enrolled: Object.fromEntries(enrolled) };
    if (enrolled.size > 0) log('Rules have enrolled invoices.', detail);
    if (unpublished.size > 0)
      log('Rules wait: their campaigns have no published version.', {
        organisationId: id,
        rules: [...unpublished.keys()],
      });
  }
}

/** The night's work of one organisation; done again after a crash, since it is marked as done at its end. */
export async function nightOf(inScope: InScope, calendar: WorkingCalendar): Promise<RulesRun> {
  const done = await inScope(async ({ manager, organisationId, now }) => {
    const [row] = await manager.query<{ zone: string }[]>('select zone from organisation where id = $1', [
      organisationId,
    ]);
    return localDateOf(now, row?.zone ?? 'UTC');
  });
  const run = await runRules(inScope, calendar, 'night');
  await inScope(({ manager, organisationId }) =>
    manager.query('update organisation set night_done_on = $2 where id = $1', [organisationId, done]),
  );
  return run;
}

interface OrganisationRow {
  id: string;
  zone: string;
  night_done_on: LocalDate | null;
}

const liveOrganisations = (system: DataSource): Promise<OrganisationRow[]> =>
  withSystem(system, (manager) =>
    manager.query<OrganisationRow[]>(
      `select id, zone, night_done_on from organisation where kind = 'live' order by id`,
    ),
  );

/** When a test organisation's clock comes to its next night; null while no rule is active. */
export async function nightOnClock(inScope: InScope): Promise<Instant | null> {
  return inScope(async ({ manager, organisationId, now }) => {
    const [row] = await manager.query<OrganisationRow[]>(
      `select o.id, o.zone, o.night_done_on from organisation o
       where o.id = $1 and exists (select from enrolment_rule r where r.organisation_id = $1 and r.state = 'active')`,
      [organisationId],
    );
    return row ? nextNight(now, row.night_done_on, row.zone) : null;
  });
}
