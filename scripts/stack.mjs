import { rmSync, writeFileSync } from 'node:fs';
import { keepRunning } from './support/keep-running.mjs';
import { SERVERS_LOCK, startLastingPostgres, startLastingTemporal } from './support/lasting-servers.mjs';
import { tryLock } from './support/lock.mjs';
import { statePath } from './support/paths.mjs';
import { passwordEnvironment, rolePasswords, rootKey } from './support/passwords.mjs';
import { freePort } from './support/ports.mjs';
import { reapOrphans } from './support/processes.mjs';
import { runCommand, startProgram } from './support/program.mjs';
import { say } from './support/progress.mjs';

const FIRST_API_PORT = 3000;

/** For commands beside a running stack; see libs/config/local-environment.ts. */
const environmentFile = () => statePath('environment.json');

/**
 * All of Kindly on this machine.
 * @typedef {{ urls: Record<string, string>, environment: NodeJS.ProcessEnv, stop(): Promise<void> }} Stack
 * `environment` is what its programs are told: the servers' addresses
 *
 * @typedef {{ stop(): Promise<void> }} Stoppable
 */

/**
 * Starts PostgreSQL, Temporal, the migrations, the API and the worker; keeps them running until stopped.
 * @param {{ signal: AbortSignal, what?: string, log?: import('./support/progress.mjs').Log }} options  an aborted signal ends the start half-way
 * @returns {Promise<{ stack: Stack, holder?: undefined } | { stack?: undefined, holder: import('./support/lock.mjs').Holder }>}  `holder` is who runs the servers already
 */
export async function startStack({ signal, what = 'npm start', log = say }) {
  const { lock, holder } = tryLock(SERVERS_LOCK, what);
  if (!lock) return { holder };
  /** @type {Stoppable[]} */
  const started = [];
  const stop = async () => {
    rmSync(environmentFile(), { force: true });
    for (const service of started.reverse()) await service.stop();
    lock.release();
  };
  try {
    const stack = await startAll(started, signal, log);
    lock.publish({ urls: stack.urls, shared: sharedOf(stack.environment) });
    writeFileSync(environmentFile(), JSON.stringify(stack.environment), { mode: 0o600 });
    return { stack: { ...stack, stop } };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {Stoppable[]} started  grows as services come up, so that whatever happens they can be stopped
 * @param {AbortSignal} signal
 * @param {import('./support/progress.mjs').Log} log
 */
async function startAll(started, signal, log) {
  await assertConfigured();
  await reapOrphans({ log });
  const environment = await startServers(started, signal, log);
  signal.throwIfAborted();
  if ((await runCommand(['migrate'], environment, signal)) !== 0)
    throw new Error('the migrations failed: see above');
  const port = await freePort(Number(process.env['PORT'] ?? FIRST_API_PORT));
  const programs = { worker: 'dist/apps/worker/main.js', api: 'dist/apps/api/main.js' };
  for (const [name, file] of Object.entries(programs)) {
    signal.throwIfAborted();
    const start = () => startProgram(name, file, { ...environment, PORT: String(port) });
    started.push(await keepRunning(name, start, { signal, log }));
  }
  signal.throwIfAborted();
  const api = `http://localhost:${port}`;
  return {
    environment: {
      ...environment,
      KINDLY_PUBLIC_URL: process.env['KINDLY_PUBLIC_URL'] ?? api,
      KINDLY_API_URL: api,
    },
    urls: { API: `${api}/v1`, 'API documentation': `${api}/docs` },
  };
}

/** Before anything is started: what somebody set is read by all programs, and says best itself what is wrong with it. */
async function assertConfigured() {
  const { loadConfig } = await import('#config/config.js');
  loadConfig({ ...process.env, ...ownVariables({ DATABASE_URL: 'postgres://localhost/kindly' }) });
}

/**
 * What the programs are told besides what somebody set.
 * @param {NodeJS.ProcessEnv} servers
 * @returns {NodeJS.ProcessEnv}
 */
const ownVariables = (servers) => ({
  ...servers,
  ...passwordEnvironment(rolePasswords()),
  LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
  HOST: process.env['HOST'] ?? '127.0.0.1',
  KINDLY_ROOT_KEY: rootKey(),
  KINDLY_OUTBOX_DIRECTORY: process.env['KINDLY_OUTBOX_DIRECTORY'] ?? statePath('outbox'),
  KINDLY_WEBHOOKS_ALLOW_PRIVATE: process.env['KINDLY_WEBHOOKS_ALLOW_PRIVATE'] ?? 'true',
});

/**
 * Side by side, each on its port for as long as the stack is up: the programs know no other.
 * @param {Stoppable[]} started
 * @param {AbortSignal} signal
 * @param {import('./support/progress.mjs').Log} log
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function startServers(started, signal, log) {
  const starting = /** @type {const} */ ([
    keepOnPort('PostgreSQL', (port) => startLastingPostgres(log, port), { signal, log }),
    keepOnPort('Temporal', (port) => startLastingTemporal(log, port), { signal, log }),
  ]);
  const outcomes = await Promise.allSettled(starting);
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') started.push(outcome.value);
  const [postgres, temporal] = await Promise.all(starting);
  return ownVariables({ DATABASE_URL: postgres.first.url, ...temporal.first.environment });
}

/**
 * @template {{ port?: number, exited: Promise<unknown>, stop(): Promise<void> }} S
 * @param {string} name
 * @param {(port: number | undefined) => Promise<S>} start
 * @param {import('./support/keep-running.mjs').Patience} patience
 */
function keepOnPort(name, start, patience) {
  /** @param {S | undefined} before */
  const startOnSamePort = async (before) => {
    const now = await start(before?.port);
    if (before === undefined || before.port === now.port) return now;
    await now.stop();
    throw new Error(`its port ${before.port} is taken by another program`);
  };
  return keepRunning(name, startOnSamePort, patience);
}

/** @param {NodeJS.ProcessEnv} environment */
const sharedOf = (environment) => ({
  databaseUrl: environment['DATABASE_URL'],
  temporalEnvironment: Object.fromEntries(
    Object.entries(environment).filter(([name]) => name.startsWith('TEMPORAL_')),
  ),
});
