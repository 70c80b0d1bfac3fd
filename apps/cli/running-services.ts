import { ensureInfrastructure } from '#scripts/infrastructure.mjs';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { urlAs } from '#store/provision.js';
import { APP_ROLE, SYSTEM_ROLE } from '#store/row-level-security.js';
import { withSystem } from '#store/with-organisation.js';
import { migrate } from '#store/migrate.js';
import { UserError } from './user-error.js';

export interface Services {
  app: DataSource;
  system: DataSource;
  appUrl: string;
  temporalAddress: string;
  stop(): Promise<void>;
}

/** The lasting servers: those of `npm start` when it runs, those the environment names, or this checkout's, started. */
export async function openServices(what: string): Promise<Services> {
  const servers = await ensureInfrastructure({ what, log: (line) => console.error(line) });
  const { databaseUrl, rolePasswords, temporalAddress } = servers;
  await migrate(databaseUrl, { passwords: rolePasswords });
  const appUrl = urlAs(databaseUrl, APP_ROLE, rolePasswords.appPassword);
  const app = await openDataSource({ url: appUrl, role: 'app' });
  const system = await openDataSource({
    url: urlAs(databaseUrl, SYSTEM_ROLE, rolePasswords.systemPassword),
    role: 'system',
  });
  const stop = async (): Promise<void> => {
    await Promise.all([app.destroy(), system.destroy()]);
    await servers.stop();
  };
  return { app, system, appUrl, temporalAddress, stop };
}

/** @param reference id or external id. @throws {UserError} listing what there is when there is no such organisation */
export async function findOrganisation(system: DataSource, reference: string): Promise<string> {
  const rows = await withSystem(system, (manager) =>
    manager.query<{ id: string; external_id: string | null; name: string }[]>(
      'select id, external_id, name from organisation order by recorded_at',
    ),
  );
  const found = rows.find((row) => row.id === reference || row.external_id === reference);
  if (found) return found.id;
  const there = rows.map((row) => `${row.external_id ?? row.id} (${row.name})`).join(', ') || 'none yet';
  throw new UserError(
    `There is no organisation "${reference}". There are: ${there}. Create one with POST /v1/organisations.`,
  );
}
