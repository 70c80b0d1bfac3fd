import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dropDatabase, ensureDatabase, startPostgres } from './postgres.mjs';
import { isRunning } from './support/identity.mjs';
import { SERVERS_LOCK, startLastingPostgres, startLastingTemporal } from './support/lasting-servers.mjs';
import { readHolder, tryLock } from './support/lock.mjs';
import { rolePasswords } from './support/passwords.mjs';
import { statePath } from './support/paths.mjs';
import { lendDirectory, reapOrphans } from './support/processes.mjs';
import { say } from './support/progress.mjs';
import { createNamespace, deleteNamespace, startTemporal } from './temporal.mjs';

const LOOK_AGAIN_MS = 300;

/**
 * @typedef {import('./infrastructure.mjs').Infrastructure} Infrastructure
 * @typedef {Pick<Infrastructure, 'databaseUrl' | 'temporalEnvironment'>} Shared
 * @typedef {import('./support/progress.mjs').Log} Log
 */

/** @type {typeof import('./infrastructure.mjs').ensureInfrastructure} */
export async function ensureInfrastructure({
  isolated = false,
  durable = false,
  what = 'a command',
  log = say,
} = {}) {
  await reapOrphans({ log });
  return isolated ? isolatedInfrastructure(durable, log) : lastingInfrastructure(what, log);
}

/** @type {typeof import('./infrastructure.mjs').withInfrastructure} */
export async function withInfrastructure(options, work) {
  const infrastructure = await ensureInfrastructure(options);
  try {
    return await work(infrastructure);
  } finally {
    await infrastructure.stop();
  }
}

/**
 * Those of a running `npm start`, or our own until we stop; a command that runs them for itself is waited for.
 * @param {string} what
 * @param {Log} log
 * @returns {Promise<Infrastructure>}
 */
async function lastingInfrastructure(what, log) {
  for (let said = false; ; said = true) {
    const { lock, holder } = tryLock(SERVERS_LOCK, what);
    if (lock) return runLasting(lock, log);
    const shared = sharedBy(holder);
    if (shared) return shared;
    if (!said) log(`waiting for ${holder.what} (process ${holder.pid})`);
    while (isRunning(readHolder(SERVERS_LOCK)) && !sharedBy(readHolder(SERVERS_LOCK)))
      await sleep(LOOK_AGAIN_MS);
  }
}

/** @param {import('./support/lock.mjs').Lock} lock @param {Log} log */
async function runLasting(lock, log) {
  try {
    const servers = await startBoth(startLastingPostgres(log), startLastingTemporal(log));
    return {
      databaseUrl: servers.postgres.url,
      ...temporalOf(servers.temporal.environment),
      rolePasswords: rolePasswords(),
      stop: () => servers.stop().finally(lock.release),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What `npm start` publishes once its servers are up. @param {import('./support/lock.mjs').Holder | undefined} holder @returns {Infrastructure | undefined} */
function sharedBy(holder) {
  const shared = /** @type {{ shared?: Shared } | undefined} */ (holder)?.shared;
  if (!shared) return undefined;
  const { databaseUrl, temporalEnvironment } = shared;
  return {
    databaseUrl,
    ...temporalOf(temporalEnvironment),
    rolePasswords: rolePasswords(),
    stop: () => Promise.resolve(),
  };
}

/** @param {Record<string, string>} environment */
const temporalOf = (environment) => ({
  temporalAddress: String(environment['TEMPORAL_ADDRESS']),
  temporalNamespace: String(environment['TEMPORAL_NAMESPACE']),
  temporalEnvironment: environment,
});

/** @param {boolean} durable @param {Log} log @returns {Promise<Infrastructure>} */
async function isolatedInfrastructure(durable, log) {
  const name = `kindly_${randomBytes(5).toString('hex')}`;
  const { directory, remove } = lendDirectory(statePath('tmp', name));
  const servers = await startBoth(
    isolatedPostgres(name, directory, durable, log),
    isolatedTemporal(name, directory, durable, log),
  );
  return {
    databaseUrl: servers.postgres.url,
    ...temporalOf(servers.temporal.environment),
    rolePasswords: rolePasswords(),
    stop: () => servers.stop().finally(remove),
  };
}

/** @param {string} name @param {string} directory @param {boolean} durable @param {Log} log */
async function isolatedPostgres(name, directory, durable, log) {
  const server = await startPostgres({
    directory: join(directory, 'postgres'),
    port: 0,
    durable,
    ephemeral: true,
    log,
  });
  if (server.pid !== undefined) return server;
  const url = await ensureDatabase(server.url, name);
  return { ...server, url, stop: async () => void (await dropDatabase(server.url, name)) };
}

/** @param {string} name @param {string} directory @param {boolean} durable @param {Log} log */
async function isolatedTemporal(name, directory, durable, log) {
  const logFile = join(directory, 'temporal.log');
  const dbFile = durable ? join(directory, 'temporal.db') : undefined;
  const server = await startTemporal({ dbFile, logFile, port: 0, log });
  if (server.pid !== undefined) return server;
  await createNamespace(server.environment, name);
  return {
    ...server,
    environment: { ...server.environment, TEMPORAL_NAMESPACE: name },
    stop: () => deleteNamespace(server.environment, name),
  };
}

/**
 * Both at the same time; when one does not start the other is stopped.
 * @template {import('./infrastructure.mjs').PostgresServer} P
 * @template {import('./infrastructure.mjs').TemporalServer} T
 * @param {Promise<P>} postgresStart
 * @param {Promise<T>} temporalStart
 */
async function startBoth(postgresStart, temporalStart) {
  const [postgres, temporal] = await Promise.allSettled([postgresStart, temporalStart]);
  if (postgres.status === 'fulfilled' && temporal.status === 'fulfilled') {
    const stop = async () => {
      await temporal.value.stop();
      await postgres.value.stop();
    };
    return { postgres: postgres.value, temporal: temporal.value, stop };
  }
  for (const start of [temporal, postgres]) if (start.status === 'fulfilled') await start.value.stop();
  throw [postgres, temporal].find((start) => start.status === 'rejected')?.reason;
}
