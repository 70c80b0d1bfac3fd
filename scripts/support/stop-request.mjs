import { spawnSync } from 'node:child_process';
import { isRunning, processRef } from './identity.mjs';
import { say } from './progress.mjs';

/** npm passes Ctrl-C on to us, who have it from the terminal as well: that is one wish, not two. */
const SAME_WISH_MS = 1000;
const LOOK_AFTER_NPM_MS = 1000;

/**
 * Calls `stop` once when this process is asked to end: Ctrl-C, SIGTERM, the terminal closed, or npm, which ran us,
 * gone (the shell it puts between passes no signal on). Whoever asks again does not want to wait: then we go at once,
 * and what is left is ended for us.
 * @param {(why: string) => void} stop
 */
export function onStopRequest(stop) {
  /** @type {number | undefined} */
  let asked;
  const ask = (/** @type {string} */ why) => {
    if (asked === undefined) {
      asked = Date.now();
      stop(why);
    } else if (Date.now() - asked > SAME_WISH_MS) {
      say('leaving at once');
      process.exit(130);
    }
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => ask(signal));
  if (process.env['npm_lifecycle_event']) onceEnded(findNpm(), () => ask('npm has ended'));
}

/** @param {import('./identity.mjs').ProcessRef | undefined} npm @param {() => void} callback */
function onceEnded(npm, callback) {
  if (npm === undefined) return;
  const watching = setInterval(() => {
    if (isRunning(npm)) return;
    clearInterval(watching);
    callback();
  }, LOOK_AFTER_NPM_MS);
  watching.unref();
}

/** Our parent, or the parent of the shell between. @returns {import('./identity.mjs').ProcessRef | undefined} */
function findNpm() {
  if (process.platform === 'win32') return undefined;
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(process.ppid)], { encoding: 'utf8' });
  const [grandparent, command = ''] = (stdout ?? '').trim().split(/\s+/);
  const isShell = /(^|\/)-?(ba|da|z|k|a)?sh$/.test(command);
  return processRef(isShell ? Number(grandparent) : process.ppid);
}
