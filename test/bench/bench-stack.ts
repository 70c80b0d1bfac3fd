import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { migrate } from '#store/migrate.js';
import { urlAs } from '#store/provision.js';
import { ensureInfrastructure } from '#scripts/infrastructure.mjs';
import { startWorker, type WorkerProcess } from './worker-process.js';

/** Servers, a migrated database and clients, for one bench run. */
export interface BenchStack {
  temporal: Client;
  temporalAddress: string;
  databaseUrl: string;
  appUrl: string;
  app: DataSource;
  system: DataSource;
  owner: DataSource;
  startKindly: () => Promise<WorkerProcess>;
  startBare: () => Promise<WorkerProcess>;
  stop(): Promise<void>;
}

const program = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export async function startBenchStack(): Promise<BenchStack> {
  const infrastructure = await ensureInfrastructure({ isolated: true, what: 'bench' });
  const { databaseUrl, temporalAddress, rolePasswords } = infrastructure;
  await migrate(databaseUrl, { passwords: rolePasswords });
  const appUrl = urlAs(databaseUrl, 'kindly_app', rolePasswords.appPassword);
  const systemUrl = urlAs(databaseUrl, 'kindly_system', rolePasswords.systemPassword);
  const app = await openDataSource({ url: appUrl, role: 'app' });
  const system = await openDataSource({ url: systemUrl, role: 'system' });
  const owner = await openDataSource({ url: databaseUrl, role: 'owner' });
  await owner.query(
    'create table bare_step (id bigint generated always as identity primary key, workflow text, at timestamptz default now())',
  );
  const connection = await Connection.connect({ address: temporalAddress });
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    DATABASE_APP_URL: appUrl,
    DATABASE_SYSTEM_URL: systemUrl,
    ...infrastructure.temporalEnvironment,
  };
  return {
    temporal: new Client({ connection, namespace: infrastructure.temporalNamespace }),
    temporalAddress,
    databaseUrl,
    appUrl,
    app,
    system,
    owner,
    startKindly: () => startWorker(program('apps/worker/main.js'), [], env),
    startBare: () => startWorker(program('test/bench/bare/worker.js'), [temporalAddress, databaseUrl], env),
    async stop() {
      await Promise.all([app.destroy(), system.destroy(), owner.destroy()]);
      await connection.close();
      await infrastructure.stop();
    },
  };
}

export const uniqueName = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 8)}`;
