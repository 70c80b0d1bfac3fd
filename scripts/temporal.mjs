import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, say } from './support/progress.mjs';
import { freePort, isOpen } from './support/ports.mjs';
import { launchLogged } from './support/processes.mjs';
import { findTemporal } from './support/temporal-binary.mjs';
import { DEFAULT_NAMESPACE, givenEnvironment, ownEnvironment, tlsOf } from './support/temporal-settings.mjs';

const START_TIMEOUT_MS = 60_000;
const ATTEMPTS = 5;
const ONE_DAY = { seconds: /** @type {any} */ (86_400) };
const DEFAULT_PORT = 7233;

/**
 * The first two save 50 ms a task; without the others fairness keys do nothing (docs/adr, measured with CLI 1.5.1).
 */
const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  // One process serves the queues whole: over four partitions turns are only taken within each.
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

/** Three times as fast as SQLite's defaults; survives SIGKILL, not a loss of power. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=OFF'];

/**
 * @typedef {import('./infrastructure.mjs').TemporalServer} TemporalServer
 * @typedef {import('./support/processes.mjs').Launched} Launched
 * @typedef {import('./support/temporal-settings.mjs').TemporalEnvironment} TemporalEnvironment
 */

/**
 * Temporal: `TEMPORAL_ADDRESS` where that is set (nothing is started), else a development server of our own.
 * @param {{
 *   dbFile?: string,
 *   logFile: string,
 *   port?: number,
 *   log?: import('./support/progress.mjs').Log,
 * }} options  without `dbFile` it keeps everything in memory; `port` is the first to try, 0 for any
 * @returns {Promise<TemporalServer>}
 */
export async function startTemporal({ log = say, ...options }) {
  const given = givenEnvironment();
  if (given) return useGiven(given, log);
  const { path, takenFrom } = await findTemporal(log);
  const { server, port } = await serve(path, options);
  const address = `127.0.0.1:${port}`;
  log(`Temporal (${takenFrom}) on port ${port}`);
  const environment = ownEnvironment(address);
  return { environment, port, pid: server.pid, takenFrom, exited: server.exited, stop: () => server.stop() };
}

/** @param {TemporalEnvironment} environment @param {import('./support/progress.mjs').Log} log @returns {Promise<TemporalServer>} */
async function useGiven(environment, log) {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = environment;
  const failure = await whyUnhealthy(environment);
  if (failure) {
    throw new Error(
      `TEMPORAL_ADDRESS is ${address}, and no Temporal can be used there with namespace ${namespace}: ${failure}. ` +
        'Correct it, TEMPORAL_NAMESPACE or TEMPORAL_TLS, or unset it and Kindly starts a server of its own.',
    );
  }
  log(`Temporal from TEMPORAL_ADDRESS at ${address}, namespace ${namespace}`);
  return {
    environment,
    takenFrom: 'TEMPORAL_ADDRESS',
    exited: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
}

/**
 * Its ports (it takes a few more, any that are free) may be taken between looking and using them: then again.
 * @param {string} program
 * @param {{ dbFile?: string, logFile: string, port?: number }} options
 */
async function serve(program, { dbFile, logFile, port: preferred = DEFAULT_PORT }) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(preferred);
    const logged = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    const server = await launchServer(program, port, logFile, dbFile);
    if (await isReady(server, port)) return { server, port };
    await server.stop();
    const report = readFileSync(logFile, 'utf8').slice(logged).slice(-2000);
    if (attempt === ATTEMPTS || !report.includes('address already in use')) {
      throw new Error(`Temporal does not start (${program}):\n${report}`);
    }
  }
}

/** @param {string} program @param {number} port @param {string} logFile @param {string | undefined} dbFile */
function launchServer(program, port, logFile, dbFile) {
  if (dbFile) mkdirSync(dirname(dbFile), { recursive: true });
  const stopSignal = dbFile ? 'SIGTERM' : 'SIGKILL'; // it takes a second to stop in order; memory needs no order
  return launchLogged(
    { name: 'temporal', command: program, args: serverArguments(port, dbFile), stopSignal },
    logFile,
  );
}

/** @param {number} port @param {string | undefined} dbFile @returns {string[]} */
export function serverArguments(port, dbFile) {
  const where = ['--headless', '--ip', '127.0.0.1', '--port', String(port), '--namespace', DEFAULT_NAMESPACE];
  const file = dbFile ? ['--db-filename', dbFile, ...each('--sqlite-pragma', SQLITE_PRAGMAS)] : [];
  return [
    'server',
    'start-dev',
    ...where,
    '--log-level',
    'warn',
    ...each('--dynamic-config-value', DYNAMIC_CONFIG),
    ...file,
  ];
}

/** @param {string} flag @param {string[]} values */
const each = (flag, values) => values.flatMap((value) => [flag, value]);

/**
 * Its port is knocked at first: a client that finds it closed waits a second before it tries again.
 * @param {Launched} server
 * @param {number} port
 */
async function isReady(server, port) {
  let running = true;
  void server.exited.then(() => (running = false));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (running && Date.now() < deadline) {
    if ((await isOpen(port)) && (await whyUnhealthy(ownEnvironment(`127.0.0.1:${port}`))) === undefined)
      return true;
    await sleep(20);
  }
  return false;
}

/**
 * A namespace of one's own on a given cluster, usable when this returns.
 * @param {TemporalEnvironment} environment  of the cluster
 * @param {string} namespace
 */
export const createNamespace = (environment, namespace) =>
  withConnection(environment, async ({ workflowService }) => {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: ONE_DAY });
    // The cluster's front ends learn of it when they next refresh their cache.
    while (!(await succeeds(workflowService.countWorkflowExecutions({ namespace })))) await sleep(200);
  });

/** @param {TemporalEnvironment} environment @param {string} namespace */
export const deleteNamespace = (environment, namespace) =>
  withConnection(environment, async ({ operatorService }) => {
    await operatorService.deleteNamespace({ namespace });
  });

/** @param {Promise<unknown>} call */
const succeeds = (call) =>
  call.then(
    () => true,
    () => false,
  );

/** Asks for the namespace, which the server creates last. @param {TemporalEnvironment} environment @returns {Promise<string | undefined>} */
async function whyUnhealthy(environment) {
  try {
    await withConnection(environment, ({ workflowService }) =>
      workflowService.describeNamespace({ namespace: environment['TEMPORAL_NAMESPACE'] }),
    );
    return undefined;
  } catch (error) {
    return messageOf(error).replace(/\.$/, '');
  }
}

/**
 * @template T
 * @param {TemporalEnvironment} environment
 * @param {(connection: import('@temporalio/client').Connection) => Promise<T>} work
 */
async function withConnection(environment, work) {
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({
    address: environment['TEMPORAL_ADDRESS'],
    tls: await tlsOf(environment),
    connectTimeout: 2000,
  });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
