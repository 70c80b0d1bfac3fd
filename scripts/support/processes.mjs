import { spawn } from 'node:child_process';
import {
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, readIfThere, self } from './identity.mjs';
import { statePath } from './paths.mjs';
import { say } from './progress.mjs';

const LOG_LIMIT_BYTES = 5_000_000;
const DEFAULT_STOP_MS = 10_000;

/**
 * @typedef {import('./identity.mjs').ProcessRef} ProcessRef
 * @typedef {{
 *   name: string,
 *   owner: ProcessRef,
 *   process?: ProcessRef & { stopSignal: NodeJS.Signals, stopMs: number },
 *   directory?: string,
 * }} Belonging  something that must not outlive its owner: a process or a directory
 *
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Ending
 * @typedef {{
 *   name: string,
 *   pid: number,
 *   child: import('node:child_process').ChildProcess,
 *   exited: Promise<Ending>,
 *   stop: () => Promise<void>,
 * }} Launched
 * @typedef {{
 *   name: string,
 *   command: string,
 *   args: string[],
 *   stdio: import('node:child_process').StdioOptions,
 *   env?: NodeJS.ProcessEnv,
 *   cwd?: string,
 *   uid?: number,
 *   gid?: number,
 *   stopSignal?: NodeJS.Signals,
 *   stopMs?: number,
 * }} LaunchOptions
 */

const recordsDirectory = statePath('run');

/**
 * Starts a process that ends with this one, however this one ends. It gets a process group of its own: a Ctrl-C in the
 * terminal must reach only its owner, who stops everything in order.
 * @param {LaunchOptions} options
 * @returns {Promise<Launched>}
 */
export async function launch({
  name,
  command,
  args,
  stopSignal = 'SIGTERM',
  stopMs = DEFAULT_STOP_MS,
  ...options
}) {
  const child = spawn(command, args, { ...options, detached: true });
  /** @type {number} */
  const pid = await new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${name} does not start: ${error.message}`, { cause: error })),
    );
    child.once('spawn', () => resolve(/** @type {number} */ (child.pid)));
  });
  const ref = { pid, identity: identityOf(pid) ?? 'ended' };
  const forget = record({ name, owner: self(), process: { ...ref, stopSignal, stopMs } }, String(pid));
  const exited = endingOf(child).finally(forget);
  return { name, pid, child, exited, stop: () => endProcess({ ...ref, stopSignal, stopMs }, exited) };
}

/**
 * A directory that is removed when this process has ended; `remove` does it now.
 * @param {string} directory
 */
export function lendDirectory(directory) {
  mkdirSync(directory, { recursive: true });
  const forget = record({ name: 'directory', owner: self(), directory }, `${process.pid}-${Date.now()}`);
  const remove = () => {
    removeDirectory(directory);
    forget();
  };
  return { directory, remove };
}

/**
 * Starts a process that writes all its output to a file, and so needs no reader. A file that has grown large is kept
 * as `.old` and begun again.
 * @param {Omit<LaunchOptions, 'stdio'>} options
 * @param {string} file
 */
export async function launchLogged(options, file) {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES)
    renameSync(file, `${file}.old`);
  const output = openSync(file, 'a');
  try {
    return await launch({ ...options, stdio: ['ignore', output, output] });
  } finally {
    closeSync(output);
  }
}

/**
 * Ends what earlier owners left behind when they were killed. Only processes that are, by their start time, the very
 * ones that were recorded are touched.
 * @param {{ log?: import('./progress.mjs').Log, deadOwner?: ProcessRef }} [options]  `deadOwner` counts as ended even if it is still about to
 */
export async function reapOrphans({ log = say, deadOwner } = {}) {
  const orphans = readRecords().filter(
    ({ belonging: { owner } }) => !isRunning(owner) || sameProcess(owner, deadOwner),
  );
  await Promise.all(orphans.map(({ belonging }) => reapProcess(belonging, log)));
  for (const { file, belonging } of orphans) {
    if (belonging.directory) removeDirectory(belonging.directory);
    rmSync(file, { force: true });
  }
}

/** @param {Belonging} belonging @param {import('./progress.mjs').Log} log */
async function reapProcess({ name, process: left }, log) {
  if (!left || !isRunning(left)) return;
  log(`stopping ${name} (process ${left.pid}), left over from a run that was killed`);
  await endProcess(left);
}

/** @param {ProcessRef} one @param {ProcessRef | undefined} other */
const sameProcess = (one, other) => one.pid === other?.pid && one.identity === other.identity;

/**
 * Asks a process to stop, and kills it when it does not in its time.
 * @param {ProcessRef & { stopSignal?: NodeJS.Signals, stopMs?: number }} ref
 * @param {Promise<unknown>} [exited]  known for our own children; for others the process table is watched
 */
export async function endProcess(ref, exited) {
  const { stopSignal = 'SIGTERM', stopMs = DEFAULT_STOP_MS } = ref;
  if (!isRunning(ref)) return;
  signal(ref, stopSignal);
  if (await hasEnded(ref, stopMs, exited)) return;
  signal(ref, 'SIGKILL');
  await hasEnded(ref, DEFAULT_STOP_MS, exited);
}

/** To its whole group: a test run's commands go with it. @param {ProcessRef} ref @param {NodeJS.Signals} name */
function signal({ pid }, name) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, name);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @param {ProcessRef} ref @param {number} withinMs @param {Promise<unknown>} [exited] */
async function hasEnded(ref, withinMs, exited) {
  const deadline = Date.now() + withinMs;
  while (isRunning(ref)) {
    if (Date.now() > deadline) return false;
    await Promise.race([sleep(50), ...(exited ? [exited] : [])]);
  }
  return true;
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<Ending>} */
const endingOf = (child) =>
  new Promise((resolve) => child.once('exit', (code, endSignal) => resolve({ code, signal: endSignal })));

/** @param {Belonging} belonging @param {string} key @returns {() => void} */
function record(belonging, key) {
  mkdirSync(recordsDirectory, { recursive: true });
  const file = join(recordsDirectory, `${belonging.name}-${key}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(belonging));
  renameSync(`${file}.new`, file);
  startGuardian();
  return () => rmSync(file, { force: true });
}

/** @returns {{ file: string, belonging: Belonging }[]} */
function readRecords() {
  mkdirSync(recordsDirectory, { recursive: true });
  return readdirSync(recordsDirectory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(recordsDirectory, name))
    .flatMap((file) => {
      const text = readIfThere(file);
      return text === undefined ? [] : [{ file, belonging: /** @type {Belonging} */ (JSON.parse(text)) }];
    });
}

/** @param {string} directory */
const removeDirectory = (directory) => rmSync(directory, { recursive: true, force: true, maxRetries: 5 });

let guarded = false;

/** One small process that outlives this one by as long as it takes to end what this one left. */
function startGuardian() {
  if (guarded) return;
  guarded = true;
  const { pid, identity } = self();
  const guardian = spawn(
    process.execPath,
    [join(import.meta.dirname, 'guardian.mjs'), String(pid), identity],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  guardian.unref();
  /** @type {import('node:net').Socket} */ (guardian.stdin).unref();
}
