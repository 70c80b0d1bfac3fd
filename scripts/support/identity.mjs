import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one that was given the same id: its start time. `undefined` when no such
 * process runs (a zombie does not run).
 * @param {number} pid
 * @returns {string | undefined}
 */
export function identityOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') return linuxIdentity(pid);
  return process.platform === 'win32' ? signalIdentity(pid) : posixIdentity(pid);
}

/** @typedef {{ pid: number, identity: string }} ProcessRef  a process that can be recognised later */

/** @param {number} pid @returns {ProcessRef | undefined} */
export function processRef(pid) {
  const identity = identityOf(pid);
  return identity === undefined ? undefined : { pid, identity };
}

/** This very process. @returns {ProcessRef} */
export const self = () => ({ pid: process.pid, identity: identityOf(process.pid) ?? 'unknown' });

/** @param {ProcessRef | undefined} ref */
export const isRunning = (ref) => ref !== undefined && identityOf(ref.pid) === ref.identity;

/** @param {number} pid */
function linuxIdentity(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // proc(5): the command name (field 2) may hold spaces and brackets; after it come state (3) … start time (22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${fields[19]}`;
}

/** @param {number} pid */
function posixIdentity(pid) {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/** @param {number} pid */
function signalIdentity(pid) {
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' ? 'running' : undefined;
  }
}

/** @param {string} file */
export function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
