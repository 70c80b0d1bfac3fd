import type { DataSource, EntityManager } from 'typeorm';
import type { Instant } from '#domain/instant.js';
import { withOrganisation } from '#store/with-organisation.js';

/** One transaction's view of one organisation: what every command of the engine works in. */
export interface Scope {
  organisationId: string;
  manager: EntityManager;
  /** The organisation's clock: real time for a live one, its own frozen time for a test one. */
  now: Instant;
  kind: 'live' | 'test';
  /** Who does it, for the audit trail: `api-key:<id>`, `import`, `play`, `engine`. */
  actor: string;
}

export class UnknownOrganisationError extends Error {
  override name = 'UnknownOrganisationError';
}

/** Runs `work` in one transaction of the organisation, on its clock. */
export const withScope = <T>(
  dataSource: DataSource,
  organisationId: string,
  actor: string,
  work: (scope: Scope) => Promise<T>,
): Promise<T> =>
  withOrganisation(
    dataSource,
    organisationId,
    async (manager) =>
      work({ organisationId, manager, actor, ...(await readClock(manager, organisationId)) }),
    { retry: true },
  );

async function readClock(
  manager: EntityManager,
  organisationId: string,
): Promise<Pick<Scope, 'now' | 'kind'>> {
  const [row] = await manager.query<{ kind: 'live' | 'test'; clock_now: Date | null }[]>(
    'select kind, clock_now from organisation where id = $1',
    [organisationId],
  );
  if (!row) throw new UnknownOrganisationError(`There is no organisation ${organisationId}.`);
  return { kind: row.kind, now: row.clock_now?.getTime() ?? Date.now() };
}
