import type { EntityManager } from 'typeorm';
import { audit } from '../facts/audit.js';
import type { Scope } from '../scope.js';

/** Wakes the workers that release. */
export const RELEASE_CHANNEL = 'kindly_release';

/** What may go on does so at once, not when they look the next time: they see for themselves what that is. */
export const tellOfRelease = ({ manager }: { manager: EntityManager }): Promise<unknown> =>
  manager.query(`select pg_notify('${RELEASE_CHANNEL}', '')`);

/** Since when nothing goes out, by whose word. */
export interface Stop {
  of: 'organisation' | 'installation';
  /** Real time, for a test organisation too. */
  at: Date;
  reason: string;
  /** As in the audit trail: `api-key:<id>`, `root`, `command line`. */
  by: string;
}

/**
 * Nothing of the organisation goes out any more until it is released: no step is decided as sent, and no call to a provider begins.
 * Stopping what is stopped changes nothing, the reason neither.
 */
export async function stopOrganisation(scope: Scope, reason: string): Promise<void> {
  const [rows] = await scope.manager.query<[object[], number]>(
    `update organisation set stopped_at = clock_timestamp(), stop_reason = $2, stopped_by = $3
     where id = $1 and stopped_at is null returning id`,
    [scope.organisationId, reason, scope.actor],
  );
  if (rows.length > 0) await tell(scope, 'organisation.stopped', { reason });
}

/**
 * Lets it go on; what waited is woken little by little (`releaseWaiting`). Releasing what is not stopped changes nothing.
 * @returns whether it was stopped
 */
export async function releaseOrganisation(scope: Scope, reason?: string): Promise<boolean> {
  const [rows] = await scope.manager.query<[object[], number]>(
    `update organisation set stopped_at = null, stop_reason = null, stopped_by = null
     where id = $1 and stopped_at is not null returning id`,
    [scope.organisationId],
  );
  if (rows.length === 0) return false;
  await tell(scope, 'organisation.released', { reason });
  await tellOfRelease(scope);
  return true;
}

const tell = ({ organisationId, ...scope }: Scope, action: string, detail: object): Promise<void> =>
  audit({ ...scope, organisationId }, [
    { action, subjectType: 'organisation', subjectId: organisationId, detail },
  ]);

/** Stops of the organisation itself and, for a live one, of the installation. */
export async function readStops({ manager, organisationId }: Scope): Promise<Stop[]> {
  return manager.query<Stop[]>(
    `select 'organisation' as of, stopped_at as at, stop_reason as reason, stopped_by as by
     from organisation where id = $1 and stopped_at is not null
     union all
     select 'installation', s.stopped_at, s.reason, s.stopped_by
     from installation_stop s join organisation o on o.id = $1 and o.kind = 'live' where s.released_at is null`,
    [organisationId],
  );
}

/** Stops every live organisation, those that come later too. @param manager of the role `system` */
export async function stopInstallation(manager: EntityManager, reason: string, by: string): Promise<void> {
  await manager.query(
    `insert into installation_stop (reason, stopped_by, stopped_at) values ($1, $2, clock_timestamp())
     on conflict ((released_at is null)) where released_at is null do nothing`,
    [reason, by],
  );
}

/**
 * Organisations that are stopped by themselves stay so.
 * @param manager of the role `system`
 * @returns whether there was anything to release
 */
export async function releaseInstallation(manager: EntityManager, by: string): Promise<boolean> {
  const [rows] = await manager.query<[object[], number]>(
    `update installation_stop set released_at = clock_timestamp(), released_by = $1 where released_at is null returning 1`,
    [by],
  );
  await tellOfRelease({ manager });
  return rows.length > 0;
}

/** Live organisations that are stopped by themselves. @param manager of the role `system` @returns their ids */
export async function stoppedOrganisations(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `select id from organisation where kind = 'live' and stopped_at is not null order by stopped_at, id`,
  );
  return rows.map(({ id }) => id);
}

/** @param manager of either role */
export async function readInstallationStop(manager: EntityManager): Promise<Stop | null> {
  const [row] = await manager.query<Stop[]>(
    `select 'installation' as of, stopped_at as at, reason, stopped_by as by
     from installation_stop where released_at is null`,
  );
  return row ?? null;
}
