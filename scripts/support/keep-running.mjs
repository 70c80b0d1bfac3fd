import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, say } from './progress.mjs';

const FIRST_DELAY_MS = 500;
const LAST_DELAY_MS = 15_000;
/** What has run for this long is taken to be well again: its next failure is a first one. */
const WELL_AFTER_MS = 30_000;

/**
 * @typedef {{ exited: Promise<unknown>, stop(): Promise<void> }} Running
 * @typedef {{
 *   firstDelayMs?: number,
 *   lastDelayMs?: number,
 *   wellAfterMs?: number,
 *   signal?: AbortSignal,
 *   log?: import('./progress.mjs').Log,
 * }} Patience  once `signal` is aborted, nothing is started again
 */

/**
 * Starts a service, and again each time it ends by itself, waiting longer after each failure in a row. A failure of the
 * very first start is the caller's.
 * @template {Running} R
 * @param {string} name
 * @param {(previous?: R) => Promise<R>} start  gets what it replaces
 * @param {Patience} [patience]
 */
export async function keepRunning(name, start, patience = {}) {
  const stopping = new AbortController();
  const first = await start();
  const service = { current: first };
  const signal = AbortSignal.any([stopping.signal, ...(patience.signal ? [patience.signal] : [])]);
  const watching = watch(name, start, service, signal, patience);
  return {
    first,
    async stop() {
      stopping.abort();
      await service.current.stop();
      await watching;
    },
  };
}

/**
 * @template {Running} R
 * @param {string} name
 * @param {(previous?: R) => Promise<R>} start
 * @param {{ current: R }} service
 * @param {AbortSignal} stopping
 * @param {Patience} patience
 */
async function watch(name, start, service, stopping, { log = say, ...delays }) {
  const { firstDelayMs = FIRST_DELAY_MS, lastDelayMs = LAST_DELAY_MS, wellAfterMs = WELL_AFTER_MS } = delays;
  let delay = firstDelayMs;
  for (;;) {
    const since = Date.now();
    await service.current.exited;
    if (stopping.aborted) return;
    if (Date.now() - since > wellAfterMs) delay = firstDelayMs;
    log(`${name} has ended; starting it again in ${delay / 1000} s`);
    await sleep(delay, undefined, { signal: stopping }).catch(() => undefined);
    delay = Math.min(delay * 2, lastDelayMs);
    if (stopping.aborted) return;
    await startAgain(name, start, service, log);
    if (stopping.aborted) await service.current.stop();
  }
}

/**
 * A start that fails leaves the ended service in place: the watch finds it ended, and tries again later.
 * @template {Running} R
 * @param {string} name
 * @param {(previous?: R) => Promise<R>} start
 * @param {{ current: R }} service
 * @param {import('./progress.mjs').Log} log
 */
async function startAgain(name, start, service, log) {
  try {
    service.current = await start(service.current);
    log(`${name} runs again`);
  } catch (error) {
    log(`${name} does not start: ${messageOf(error)}`);
  }
}
