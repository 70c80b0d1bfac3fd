import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, readIfThere, self } from './identity.mjs';
import { statePath } from './paths.mjs';
import { say } from './progress.mjs';

const LOOK_AGAIN_MS = 200;

/**
 * What stands in a lock file: who holds it, as what, and whatever the holder wants others to know.
 * @typedef {import('./identity.mjs').ProcessRef & { what: string, [fact: string]: unknown }} Holder
 * @typedef {{ publish: (facts: Record<string, unknown>) => void, release: () => void }} Lock
 */

/** @param {string} name */
const lockFile = (name) => statePath('locks', `${name}.json`);

/**
 * Takes the lock at once, or says who has it. A holder that no longer runs has lost it.
 * @param {string} name
 * @param {string} what  what this process does, for whoever has to wait
 * @returns {{ lock: Lock, holder?: undefined } | { lock?: undefined, holder: Holder }}
 */
export function tryLock(name, what) {
  const file = lockFile(name);
  const me = { ...self(), what };
  mkdirSync(dirname(file), { recursive: true });
  while (!createWhole(file, me)) {
    const holder = readHolder(name);
    if (holder && isRunning(holder)) return { holder };
    if (holder) breakLock(file, holder);
  }
  return { lock: lockOf(file, me) };
}

/**
 * Waits for the lock, says for whom it waits, and holds it while `work` runs.
 * @template T
 * @param {string} name
 * @param {string} what
 * @param {() => Promise<T>} work
 * @param {import('./progress.mjs').Log} [log]
 * @returns {Promise<T>}
 */
export async function withLock(name, what, work, log = say) {
  const lock = await waitForLock(name, what, log);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/**
 * @param {string} name
 * @param {string} what
 * @param {import('./progress.mjs').Log} [log]
 */
export async function waitForLock(name, what, log = say) {
  let said = false;
  for (;;) {
    const { lock, holder } = tryLock(name, what);
    if (lock) return lock;
    if (!said) log(`waiting for ${holder.what} (process ${holder.pid})`);
    said = true;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Who holds the lock now, running or not. @param {string} name @returns {Holder | undefined} */
export function readHolder(name) {
  const text = readIfThere(lockFile(name));
  return text === undefined ? undefined : parseHolder(text);
}

/** @param {string} file @param {Holder} me @returns {Lock} */
function lockOf(file, me) {
  return {
    publish(facts) {
      Object.assign(me, facts);
      renameSync(writeAside(file, me), file);
    },
    release() {
      rmSync(file, { force: true });
    },
  };
}

/** A lock file appears with its content in one step, so nobody reads half a holder. @param {string} file @param {Holder} holder */
function createWhole(file, holder) {
  const aside = writeAside(file, holder);
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(aside);
  }
}

/** Readable by its owner only: a holder may publish a database password. @param {string} file @param {Holder} holder */
function writeAside(file, holder) {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(holder), { mode: 0o600 });
  return aside;
}

/**
 * Two processes may find the same dead holder: the slower one must not take away the lock the faster one just took,
 * so what was moved aside is looked at again and put back if it is another's.
 * @param {string} file
 * @param {Holder} dead
 */
function breakLock(file, dead) {
  const aside = `${file}.broken.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const moved = parseHolder(readFileSync(aside, 'utf8'));
  if (moved.pid === dead.pid && moved.identity === dead.identity) unlinkSync(aside);
  else renameSync(aside, file);
}

/** @param {string} text */
const parseHolder = (text) => /** @type {Holder} */ (JSON.parse(text));

/** @param {unknown} error */
const isMissing = (error) => /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
