import { setMaxListeners } from 'node:events';
import { readOptions } from './options.js';
import { runChaos } from './run.js';

/**
 * `npm run chaos`: one seed, one verdict. Exit code 1 when anybody was wronged, or when it could not come to an end.
 * Whatever happens it stops by itself: what is left then is ended by the process that guards its servers.
 */
const read = readOptions(process.argv.slice(2));
if (!read.ok) {
  (read.exitCode === 0 ? console.log : console.error)(read.told);
  process.exit(read.exitCode);
}
const { options } = read;

/** For servers that start, healing and the verdict. */
const BESIDES_MS = 7 * 60_000;
const began = Date.now();
const limitMs = options.minutes * 60_000 + BESIDES_MS;
const say = (line: string): void =>
  console.error(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}`);

const end = new AbortController();
// Everything that waits listens.
setMaxListeners(0, end.signal);
setTimeout(
  () => end.abort(new Error(`chaos did not end within ${limitMs / 60_000} minutes`)),
  limitMs,
).unref();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => end.abort(new Error(`stopped by ${signal}`)));

const ended = new Promise<never>((_, reject) => {
  end.signal.addEventListener('abort', () => reject(end.signal.reason as Error));
});

try {
  const report = await Promise.race([runChaos(options, end.signal, say), ended]);
  if (options.json) console.log(JSON.stringify(report));
  else console.log(JSON.stringify(report, null, 2));
  process.exit(report.violations.length > 0 ? 1 : 0);
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
