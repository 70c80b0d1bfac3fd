import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './paths.mjs';
import { launch } from './processes.mjs';

const READY_WITHIN_MS = 60_000;
/** A worker drains: it ends what it began before it goes. */
const STOP_WITHIN_MS = 30_000;

/** Few collections of the young: each of them holds up a decision under a customer's lock. Said in docs/operating.md too. */
const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=64'];

/** What a program sends on its IPC channel (`process.send?.('ready')`) once it serves. */
const READY = 'ready';

/** @param {string} line */
const toStandardError = (line) => void process.stderr.write(`${line}\n`);

/**
 * One of Kindly's own long-running programs, its output line by line on our standard error behind its name; back when
 * it serves.
 * @param {string} name
 * @param {string} file  relative to the checkout
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} [tell]  where its output goes instead
 */
export async function startProgram(name, file, env, tell = toStandardError) {
  const program = await launch({
    name,
    command: process.execPath,
    args: [...NODE_FLAGS, join(root, file)],
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    stopMs: STOP_WITHIN_MS,
  });
  for (const stream of [program.child.stdout, program.child.stderr]) if (stream) prefix(name, stream, tell);
  const failure = await whyNotReady(program);
  if (failure === undefined) return program;
  await program.stop();
  throw new Error(`${name} (${file}) ${failure}; its output above says more`);
}

/**
 * One of Kindly's commands, run to its end or until the signal; its output is ours.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<number>}  its exit code
 */
export async function runCommand(args, env, signal) {
  const { exited, stop } = await launch({
    name: `kindly-${args[0]}`,
    command: process.execPath,
    args: ['--enable-source-maps', join(root, 'dist/apps/cli/main.js'), ...args],
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  signal.addEventListener('abort', () => void stop());
  return (await exited).code ?? 1;
}

/** @param {string} name @param {import('node:stream').Readable} stream @param {(line: string) => void} tell */
function prefix(name, stream, tell) {
  createInterface({ input: stream }).on('line', (line) => tell(`[${name}] ${line}`));
}

/** @param {import('./processes.mjs').Launched} program @returns {Promise<string | undefined>} */
async function whyNotReady({ child, exited }) {
  const timeout = new AbortController();
  /** @type {Promise<undefined>} */
  const ready = new Promise((resolve) => {
    child.on('message', (message) => message === READY && resolve(undefined));
  });
  const ended = exited.then(
    ({ code, signal }) => `ended (${signal ?? `exit code ${code}`}) before it was ready`,
  );
  const tooLate = `did not send '${READY}' within ${READY_WITHIN_MS / 1000} s`;
  const late = sleep(READY_WITHIN_MS, tooLate, { signal: timeout.signal }).catch(() => undefined);
  const failure = await Promise.race([ready, ended, late]);
  timeout.abort();
  return failure;
}
