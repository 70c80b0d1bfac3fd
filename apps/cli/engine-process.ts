import { ensureInfrastructure } from '#scripts/infrastructure.mjs';
import { keepRunning, type Running } from '#scripts/support/keep-running.mjs';
import { startProgram } from '#scripts/support/program.mjs';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { migrate } from '#store/migrate.js';
import { urlAs } from '#store/provision.js';
import { APP_ROLE, SYSTEM_ROLE } from '#store/row-level-security.js';

/** Servers and a worker of one's own, with nothing in them. */
export interface OwnEngine {
  app: DataSource;
  system: DataSource;
  appUrl: string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL, Temporal and a worker for one run; a worker that dies is started again. */
export async function startOwnEngine(what: string, log: (line: string) => void): Promise<OwnEngine> {
  const servers = await ensureInfrastructure({ isolated: true, what, log });
  const stops: (() => Promise<unknown>)[] = [() => servers.stop()];
  const stop = async (): Promise<void> => {
    for (const each of stops.reverse()) await each();
  };
  try {
    const { databaseUrl, rolePasswords } = servers;
    await migrate(databaseUrl, { passwords: rolePasswords });
    const appUrl = urlAs(databaseUrl, APP_ROLE, rolePasswords.appPassword);
    const systemUrl = urlAs(databaseUrl, SYSTEM_ROLE, rolePasswords.systemPassword);
    const app = await openDataSource({ url: appUrl, role: 'app' });
    stops.push(() => app.destroy());
    const system = await openDataSource({ url: systemUrl, role: 'system' });
    stops.push(() => system.destroy());
    const environment = {
      DATABASE_APP_URL: appUrl,
      DATABASE_SYSTEM_URL: systemUrl,
      ...servers.temporalEnvironment,
      LOG_LEVEL: 'warn',
      // Of a run that is thrown away nobody looks for the files of thousands of messages.
      KINDLY_OUTBOX_DIRECTORY: undefined,
    };
    const startWorker = async (): Promise<Running> => {
      const program = await startProgram('worker', 'dist/apps/worker/main.js', environment);
      log(`The worker is process ${program.pid}.`);
      return program;
    };
    const worker = await keepRunning('worker', startWorker, { log });
    stops.push(() => worker.stop());
    return { app, system, appUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
