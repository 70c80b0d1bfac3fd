import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { migrate } from '#store/migrate.js';
import { urlAs } from '#store/provision.js';
import { ensureInfrastructure } from '#scripts/infrastructure.mjs';
import { freePort } from '#scripts/servers.mjs';
import { SENDGRID_WEBHOOK_KEY, TWILIO_ACCOUNT, TWILIO_TOKEN } from '#test/support/providers/index.js';
import { type BenchProcess, startProcess } from './bench-process.js';

/** Servers, a migrated database and clients, for one bench run. */
export interface BenchStack {
  temporal: Client;
  databaseUrl: string;
  app: DataSource;
  system: DataSource;
  owner: DataSource;
  /** Where the API listens, once it is started. */
  apiUrl: string;
  /** The worker. @param providers accounts of its own; without any, messages go to the outbox */
  startKindly: (providers?: NodeJS.ProcessEnv) => Promise<BenchProcess>;
  startApi: () => Promise<BenchProcess>;
  startBare: () => Promise<BenchProcess>;
  stop(): Promise<void>;
}

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
  await owner.query('create table bare_receipt (like receipt including all)');
  const port = await freePort(0);
  const apiUrl = `http://127.0.0.1:${port}`;
  const connection = await Connection.connect({ address: temporalAddress });
  const env: NodeJS.ProcessEnv = {
    DATABASE_APP_URL: appUrl,
    DATABASE_SYSTEM_URL: systemUrl,
    ...infrastructure.temporalEnvironment,
  };
  const apiEnv: NodeJS.ProcessEnv = {
    ...env,
    HOST: '127.0.0.1',
    PORT: String(port),
    KINDLY_PUBLIC_URL: apiUrl,
    SENDGRID_WEBHOOK_KEY,
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT,
    TWILIO_AUTH_TOKEN: TWILIO_TOKEN,
  };
  return {
    temporal: new Client({ connection, namespace: infrastructure.temporalNamespace }),
    databaseUrl,
    app,
    system,
    owner,
    apiUrl,
    startKindly: (providers = {}) =>
      startProcess('worker', 'dist/apps/worker/main.js', { ...env, ...providers }),
    startApi: () => startProcess('api', 'dist/apps/api/main.js', apiEnv),
    startBare: () =>
      startProcess('bare worker', 'dist/test/bench/bare/worker.js', {
        DATABASE_URL: databaseUrl,
        TEMPORAL_ADDRESS: temporalAddress,
      }),
    async stop() {
      await Promise.all([app.destroy(), system.destroy(), owner.destroy()]);
      await connection.close();
      await infrastructure.stop();
    },
  };
}

export const uniqueName = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 8)}`;
