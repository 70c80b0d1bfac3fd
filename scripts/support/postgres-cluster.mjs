import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, readIfThere } from './identity.mjs';
import { canReach, makeOutsideDirectory, outsideName, serverAccount } from './postgres-account.mjs';
import { copyPostgres, executableName, locatePostgres } from './postgres-binaries.mjs';

export const SUPERUSER = 'postgres';

/**
 * A cluster on disk and the programs to run it with.
 * @typedef {{
 *   home: string,
 *   data: string,
 *   programs: string,
 *   major: string,
 *   account: import('./postgres-account.mjs').Account | undefined,
 * }} Cluster  `home` holds data/, the password and the log; `programs` is the
 *   directory of postgres and initdb, `major` their version, such as 18
 */

/**
 * @param {string} directory  where the cluster is kept, if the account that runs it can get there
 * @returns {Cluster}
 */
export function findCluster(directory) {
  const binaries = locatePostgres();
  mkdirSync(directory, { recursive: true });
  const account = serverAccount(join(directory, 'data'));
  const isOpen = (/** @type {string} */ path) => !account || canReach(path, account);
  const home = isOpen(directory) ? directory : makeOutsideDirectory(outsideName(directory));
  const installation = isOpen(join(binaries.directory, 'bin'))
    ? binaries.directory
    : copyPostgres(binaries, makeOutsideDirectory(), /** @type {NonNullable<typeof account>} */ (account));
  const [major = ''] = binaries.version.split('.');
  return { home, data: join(home, 'data'), programs: join(installation, 'bin'), major, account };
}

/**
 * Creates the cluster unless it is there, in one step: what an interrupted attempt left is thrown away.
 * @param {Cluster} cluster
 */
export async function createCluster(cluster) {
  const { home, data, programs } = cluster;
  if (existsSync(join(data, 'PG_VERSION'))) return checkVersion(cluster);
  const unfinished = join(home, 'data.new');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile(home), randomBytes(24).toString('base64url'), { mode: 0o600 });
  const readable = writePasswordFor(cluster);
  giveTo(cluster, unfinished);
  try {
    await runInitdb(cluster, join(programs, executableName('initdb')), [
      `--pgdata=${unfinished}`,
      `--pwfile=${readable}`,
    ]);
  } finally {
    rmSync(readable);
  }
  renameSync(unfinished, data);
}

/** The superuser's, random and known to this checkout only. @param {Cluster} cluster */
export const readPassword = ({ home }) => readFileSync(passwordFile(home), 'utf8');

/**
 * What the running server says of itself in its lock file.
 * @param {Cluster} cluster
 * @returns {{ pid: number, ready: boolean } | undefined}
 */
export function readServerState({ data }) {
  const lines = readIfThere(join(data, 'postmaster.pid'))?.split('\n');
  return lines && { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * After a SIGKILL, or in a restarted container, the lock file may name a process that is by now another program:
 * PostgreSQL would refuse to start for it. A server that does run on this data is left alone, and named.
 * @param {Cluster} cluster
 */
export function clearStaleLock(cluster) {
  const state = readServerState(cluster);
  if (!state) return;
  if (identityOf(state.pid) !== undefined && isServerOf(state.pid, cluster)) {
    throw new Error(`PostgreSQL already runs on ${cluster.data} (process ${state.pid}); stop it first`);
  }
  rmSync(join(cluster.data, 'postmaster.pid'), { force: true });
}

/** @param {number} pid @param {Cluster} cluster */
function isServerOf(pid, { data }) {
  if (process.platform !== 'linux') return true;
  const commandLine = readIfThere(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
  return commandLine.includes(data);
}

/** @param {string} home */
const passwordFile = (home) => join(home, 'password');

/** @param {Cluster} cluster @param {string} path */
const giveTo = ({ account }, path) => account && chownSync(path, account.uid, account.gid);

/** initdb reads the password as the account that runs it. @param {Cluster} cluster */
function writePasswordFor(cluster) {
  const file = join(cluster.home, 'password.initdb');
  writeFileSync(file, readPassword(cluster), { mode: 0o600 });
  giveTo(cluster, file);
  return file;
}

/** @param {Cluster} cluster */
function checkVersion({ data, major }) {
  const written = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (written === major) return;
  throw new Error(
    `The data in ${data} is PostgreSQL ${written}'s, and the PostgreSQL installed here is ${major}. ` +
      'Delete that directory to start afresh, or dump and restore it with the older version.',
  );
}

/**
 * Sorting and case by Unicode, the same on every platform; no dependence on the system's locales.
 * @param {Cluster} cluster
 * @param {string} initdb
 * @param {string[]} args
 */
function runInitdb({ home, account }, initdb, args) {
  const common = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return new Promise((resolve, reject) => {
    const child = spawn(initdb, [...args, ...common, ...locale], {
      ...account,
      cwd: home,
      env: serverEnvironment(),
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`PostgreSQL's initdb failed:\n${output}`)),
    );
  });
}

/** None of the caller's PG… variables: they would change where the server looks. */
export const serverEnvironment = () => ({ PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' });
