import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { entities, installationEntities } from './entities/index.js';
import { migrations } from './migrations/index.js';
import { SnakeNamingStrategy } from './snake-naming-strategy.js';
import { typeParsers } from './type-parsers.js';

/**
 * As whom one connects: `app` sees one organisation at a time, `system` (relay, sweep, key look-up) a few columns of
 * all, `owner` migrates.
 */
export type StoreRole = 'app' | 'system' | 'owner';

export interface StoreOptions {
  /** `postgres://user:password@host:port/database`; `sslmode` and the like as in libpq. */
  url: string;
  role: StoreRole;
  /** Connections at most; 10 for `app`, 4 for `system`, 2 for `owner` unless given. */
  poolSize?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
}

export interface OpenOptions extends StoreOptions {
  /** How long an unreachable server is tried again, in milliseconds; 15 000 unless given. */
  patienceMs?: number;
  /** Called each time before it is tried again. */
  onWait?: (failure: DatabaseUnreachableError) => void;
}

const POOL_SIZE: Record<StoreRole, number> = { app: 10, system: 4, owner: 2 };

/**
 * Milliseconds. A migration may run and wait for long; everything else is short by design, and no statement of it
 * should outlive the lease of a contact. A connection is waited for as long as a statement may run.
 */
const TIMEOUTS = {
  short: { statement_timeout: 30_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 60_000 },
  owner: { statement_timeout: 0, lock_timeout: 0, idle_in_transaction_session_timeout: 0 },
} as const;

const CONNECT_TIMEOUT_MS = 30_000;

/** Everything but where and as whom. */
const poolOptions = ({ role }: StoreOptions): object => ({
  ...(role === 'owner' ? TIMEOUTS.owner : TIMEOUTS.short),
  types: typeParsers,
  // Statements that do not need one another's answers are sent together: see TenantQueryRunner.
  pipeline: true,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  // A cast such as `now()::date` must not depend on how the server was set up.
  options: '-c timezone=UTC',
});

const dataSourceOptions = (options: StoreOptions): DataSourceOptions => ({
  type: 'postgres',
  url: options.url,
  applicationName: options.applicationName ?? `kindly-${options.role}`,
  poolSize: options.poolSize ?? POOL_SIZE[options.role],
  connectTimeoutMS: CONNECT_TIMEOUT_MS,
  extra: poolOptions(options),
  entities: [...entities, ...installationEntities],
  migrations: options.role === 'owner' ? migrations : [],
  migrationsTableName: 'schema_migration',
  namingStrategy: new SnakeNamingStrategy(),
  synchronize: false,
  installExtensions: false,
});

/** A data source that is not connected yet; see {@link openDataSource}. Its schema is only ever changed by migrations. */
export const createDataSource = (options: StoreOptions): DataSource =>
  new DataSource(dataSourceOptions(options));

/** The server could not be reached, or refused; the message names host, port and database, never the password. */
export class DatabaseUnreachableError extends Error {
  override name = 'DatabaseUnreachableError';
}

/** The server is not there yet, or is starting, or is full: worth a second try. */
const PASSING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'ETIMEDOUT',
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
]);

/** What `pg` says, without a code, when a server or a proxy before it hangs up. */
const HUNG_UP = 'Connection terminated unexpectedly';

const REMEDY: Record<string, string> = {
  ECONNREFUSED: 'Is PostgreSQL running there? Start it, or correct the URL.',
  ENOTFOUND: 'No such host name. Correct the URL.',
  '28P01': 'Wrong password. Correct the URL, or set the password with the migrate command.',
  '28000': 'This user may not log in from here. Look at pg_hba.conf, and whether the role exists.',
  '3D000': 'No such database. Create it, or correct the URL.',
  '53300': 'Too many connections. Raise max_connections, or lower the pool sizes.',
};

interface Failure {
  code?: unknown;
  message?: unknown;
  /** Of an AggregateError: a host name with several addresses fails at each. */
  errors?: readonly unknown[];
}

/** The code of `pg` or of Node. */
const codeOf = (error: unknown): string => {
  const { code, errors } = (error ?? {}) as Failure;
  if (typeof code === 'string') return code;
  return errors && errors.length > 0 ? codeOf(errors[0]) : 'unknown';
};

const isPassing = (error: unknown): boolean =>
  PASSING.has(codeOf(error)) || (error as Failure | null)?.message === HUNG_UP;

const unreachable = (options: StoreOptions, cause: unknown): DatabaseUnreachableError => {
  const { hostname, port, pathname, username } = new URL(options.url);
  const code = codeOf(cause);
  const where = `${hostname}:${port || '5432'}, database "${pathname.slice(1)}", as "${username}"`;
  const remedy =
    REMEDY[code] ?? 'Check that the server runs, that the URL is right, and the log of the server.';
  const { message } = (cause ?? {}) as Failure;
  const reason = typeof message === 'string' && message !== '' ? message : code;
  return new DatabaseUnreachableError(
    `PostgreSQL at ${where} did not accept the connection (${reason}). ${remedy}`,
    {
      cause,
    },
  );
};

/**
 * Connects, trying again while the server is starting.
 * @throws {DatabaseUnreachableError} saying where, why and what to do.
 */
export const openDataSource = async (options: OpenOptions): Promise<DataSource> => {
  const giveUpAt = Date.now() + (options.patienceMs ?? 15_000);
  for (let pause = 100; ; pause = Math.min(pause * 2, 2_000)) {
    try {
      return await createDataSource(options).initialize();
    } catch (error) {
      if (!isPassing(error) || Date.now() + pause > giveUpAt) throw unreachable(options, error);
      options.onWait?.(unreachable(options, error));
      await sleep(pause);
    }
  }
};
