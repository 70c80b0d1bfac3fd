import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { statePath } from './paths.mjs';
import { launch } from './processes.mjs';
import { messageOf, say, withProgress } from './progress.mjs';

/** Newer releases cannot be installed this way: their go.mod holds a `replace`. */
const GO_PACKAGE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const DOWNLOAD_LIMIT_MS = 20_000;
const programName = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/**
 * One way to a Temporal program: its path, or why there is none this way.
 * @typedef {{ path: string, reason?: undefined } | { path?: undefined, reason: string }} Finding
 * @typedef {{ name: string, find: () => Finding | Promise<Finding> }} Way
 */

/**
 * Takes the first way that leads to a program.
 * @param {Way[]} ways
 * @returns {Promise<{ path: string, takenFrom: string }>}
 */
export async function firstFound(ways) {
  const failures = [];
  for (const { name, find } of ways) {
    const { path, reason } = await find();
    if (path) return { path, takenFrom: name };
    failures.push(`  - ${name}: ${reason}`);
  }
  throw new Error(
    ['There is no Temporal server to start. Tried, in this order:', ...failures, ADVICE].join('\n'),
  );
}

const ADVICE =
  'Any one of these will do: set TEMPORAL_ADDRESS to a running cluster (host:port); put the `temporal` program on the PATH ' +
  `(https://docs.temporal.io/cli); save it as ${cachedProgram()}; allow access to https://temporal.download; ` +
  'or install Go (https://go.dev), with which it is built here.';

/**
 * Where the program comes from. Only one process at a time downloads or builds it; the others wait and find it cached.
 * @param {import('./progress.mjs').Log} [log]
 */
export async function findTemporal(log = say) {
  for (const { name, find } of AT_HAND) {
    const { path } = find();
    if (path) return { path, takenFrom: name };
  }
  const fetchIt = () => firstFound([...AT_HAND, sdkDownload(log), goInstall(log)]);
  return withLock('temporal', 'another process that fetches Temporal', fetchIt, log);
}

/** @returns {string} */
function cachedProgram() {
  return statePath('bin', programName);
}

/** @returns {Finding} */
function findOnPath() {
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const path = directories.map((directory) => join(directory, programName)).find(isTemporal);
  return path ? { path } : { reason: 'no such program' };
}

/** @returns {Finding} */
function findCached() {
  const path = cachedProgram();
  return isTemporal(path) ? { path } : { reason: `nothing usable at ${path}` };
}

/** What needs no waiting. @type {{ name: string, find: () => Finding }[]} */
const AT_HAND = [
  { name: '`temporal` on the PATH', find: findOnPath },
  { name: 'the cached program', find: findCached },
];

/** @param {import('./progress.mjs').Log} log @returns {Way} */
const sdkDownload = (log) => ({
  name: "the Temporal SDK's download",
  async find() {
    const directory = statePath('bin', 'download');
    mkdirSync(directory, { recursive: true });
    try {
      const reason = await withProgress('downloading Temporal', () => download(directory), log);
      return reason === undefined ? adopt(directory) : { reason };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
});

/** @param {import('./progress.mjs').Log} log @returns {Way} */
const goInstall = (log) => ({
  name: `go install ${GO_PACKAGE}`,
  async find() {
    if (spawnSync('go', ['version']).status !== 0) return { reason: 'Go is not installed' };
    const env = { ...process.env, GOBIN: dirname(cachedProgram()), GOFLAGS: '', GOWORK: 'off' };
    const what = 'building Temporal with Go (about 3 minutes, once)';
    const code = await withProgress(what, () => build(env), log);
    return code === 0 ? findCached() : { reason: 'the build failed, its messages above say why' };
  },
});

/** Without debug information: it halves the program. @param {NodeJS.ProcessEnv} env */
async function build(env) {
  const args = ['install', '-ldflags=-s -w', GO_PACKAGE];
  const { exited } = await launch({
    name: 'temporal-build',
    command: 'go',
    args,
    env,
    stdio: ['ignore', 2, 2],
  });
  return (await exited).code;
}

/**
 * @param {string} directory
 * @returns {Promise<string | undefined>}  why it failed
 */
function download(directory) {
  return new Promise((resolve) => {
    const program = join(import.meta.dirname, 'temporal-download.mjs');
    const child = spawn(process.execPath, [program, directory], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: DOWNLOAD_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let message = '';
    child.stderr.on('data', (chunk) => (message += chunk));
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('close', (code, signal) => resolve(downloadFailure(code, signal, message)));
  });
}

/** @param {number | null} code @param {string | null} signal @param {string} message */
function downloadFailure(code, signal, message) {
  if (signal) return `not done after ${DOWNLOAD_LIMIT_MS / 1000} s`;
  return code === 0 ? undefined : message.trim();
}

/** The SDK names its file after its own version. @param {string} directory @returns {Finding} */
function adopt(directory) {
  const path = readdirSync(directory)
    .map((name) => join(directory, name))
    .find(isTemporal);
  if (!path) return { reason: 'the SDK left no usable program' };
  renameSync(path, cachedProgram());
  return { path: cachedProgram() };
}

/** Other programs share the name: it must know `server start-dev` and how to tune SQLite. @param {string} path */
function isTemporal(path) {
  if (!existsSync(path) || !isExecutable(path)) return false;
  const help = spawnSync(path, ['server', 'start-dev', '--help'], { encoding: 'utf8', timeout: 20_000 });
  return help.status === 0 && help.stdout.includes('--sqlite-pragma');
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
