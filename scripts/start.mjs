/**
 * `npm start`: everything of Kindly on this machine, a sample organisation played, and up until Ctrl-C.
 * Usage: node scripts/start.mjs [--no-demo]
 */
import { startStack } from './stack.mjs';
import { self } from './support/identity.mjs';
import { reapOrphans } from './support/processes.mjs';
import { runCommand } from './support/program.mjs';
import { messageOf, say } from './support/progress.mjs';
import { onStopRequest } from './support/stop-request.mjs';

/** @typedef {import('./stack.mjs').Stack} Stack */

const stopping = new AbortController();
const { signal } = stopping;
/** @type {Stack | undefined} */
let running;

onStopRequest((why) => {
  say(`stopping (${why})`);
  stopping.abort();
  // A start may take minutes; it is not waited for, what it has started by then is ended.
  const stopped = running ? running.stop() : reapOrphans({ log: () => undefined, deadOwner: self() });
  void stopped.finally(() => process.exit());
});

/** @param {Record<string, string>} urls */
function printUrls(urls) {
  for (const [name, url] of Object.entries(urls)) console.log(`${name}: ${url}`);
}

/** @param {import('./support/lock.mjs').Holder} holder */
function sayWhoRuns({ what, pid, urls }) {
  console.log(`${what} already runs in this checkout (process ${pid}); end that one first.`);
  printUrls(/** @type {Record<string, string>} */ (urls ?? {}));
}

/** @param {Stack} stack */
async function present({ environment, urls }) {
  if (!process.argv.includes('--no-demo')) {
    const code = await runCommand(['demo'], environment, signal);
    if (code !== 0 && !signal.aborted) say(`the sample organisation could not be played (exit code ${code})`);
  }
  if (signal.aborted) return;
  printUrls(urls);
  console.log('ready');
}

try {
  const { stack, holder } = await startStack({ signal });
  running = stack;
  if (stack) await present(stack);
  else sayWhoRuns(holder);
} catch (error) {
  if (!signal.aborted) {
    say(messageOf(error));
    process.exit(1);
  }
}
