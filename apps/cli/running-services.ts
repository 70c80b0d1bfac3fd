import { ensureInfrastructure } from '#scripts/infrastructure.mjs';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { urlAs } from '#store/provision.js';
import { APP_ROLE, SYSTEM_ROLE } from '#store/row-level-security.js';
import { migrate } from '#store/migrate.js';

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
