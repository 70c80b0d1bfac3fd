import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere } from './identity.mjs';
import { root, statePath } from './paths.mjs';
import { launch, lendDirectory } from './processes.mjs';
import { say } from './progress.mjs';

/** How long Jest may take to end once its results are written: what still runs by then keeps it open. */
const LINGER_MS = 15_000;

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */
/** @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, numRuntimeErrorTestSuites: number }} JestResult */

/**
 * A program that passes or fails as a whole.
 * @param {string} name
 * @param {string} module  the program's file below node_modules
 * @param {string[]} args
 * @returns {Promise<Tally>}
 */
export async function runTool(name, module, args) {
  const { exited } = await runNode(name, [join(root, 'node_modules', module), ...args]);
  return asTally((await exited).code === 0);
}

/** @param {boolean} passed @returns {Tally} */
export const asTally = (passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });

/** Generous, for machines under load: what waits, waits for a condition, and a test that hangs fails all the same. */
const TEST_LIMIT_MS = 60_000;

/**
 * One of Jest's projects.
 * @param {string} project
 * @param {{ grep?: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Tally>}
 */
export async function runJest(project, { grep, env }) {
  // Of its own: two runs may test one checkout at the same time.
  const { directory, remove } = lendDirectory(
    statePath('tmp', `test_${project}_${randomBytes(5).toString('hex')}`),
  );
  try {
    return await runJestInto(join(directory, 'result.json'), project, { grep, env });
  } finally {
    remove();
  }
}

/**
 * @param {string} output
 * @param {string} project
 * @param {{ grep?: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Tally>}
 */
async function runJestInto(output, project, { grep, env }) {
  const select = ['--selectProjects', project, ...(grep === undefined ? [] : ['--testNamePattern', grep])];
  const limit = `--testTimeout=${TEST_LIMIT_MS}`;
  const args = [...select, limit, '--passWithNoTests', '--json', `--outputFile=${output}`];
  const jest = await runNode(
    `jest-${project}`,
    [join(root, 'node_modules/jest/bin/jest.js'), ...args],
    withModules(env),
  );
  const code = await endOf(jest, project, output);
  return jestTally(readResult(output), code);
}

/** @param {string} file @returns {JestResult | undefined} */
function readResult(file) {
  const text = readIfThere(file);
  return text === undefined ? undefined : /** @type {JestResult} */ (JSON.parse(text));
}

/**
 * A suite that does not load has no tests to count, and Jest may fail for reasons of its own: neither may look like success.
 * @param {JestResult | undefined} result
 * @param {number | null} code  Jest's exit code; `null` when it had to be ended
 * @returns {Tally}
 */
export function jestTally(result, code) {
  if (!result) return asTally(false);
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const unexplained = code !== 0 && code !== null && failed === 0 ? 1 : 0;
  return {
    passed: result.numPassedTests,
    failed: failed + unexplained,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/**
 * @param {import('./processes.mjs').Launched} jest
 * @param {string} project
 * @param {string} output
 * @returns {Promise<number | null>}
 */
async function endOf(jest, project, output) {
  const ended = jest.exited.then(({ code, signal }) => ({ code: signal ? 1 : code }));
  for (;;) {
    const end = await Promise.race([ended, sleep(1000)]);
    if (end) return end.code;
    if (existsSync(output)) break;
  }
  const end = await Promise.race([ended, sleep(LINGER_MS)]);
  if (end) return end.code;
  say(
    `WARNING: the ${project} tests are done, but something they opened keeps Jest from ending. Find it with ` +
      `NODE_OPTIONS=--experimental-vm-modules npx jest --selectProjects ${project} --detectOpenHandles`,
  );
  await jest.stop();
  return null;
}

/** Jest loads ES modules through an interface of Node that is still called experimental. @param {NodeJS.ProcessEnv} env */
const withModules = (env) => ({
  ...env,
  NODE_OPTIONS: [
    process.env['NODE_OPTIONS'],
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
  ]
    .filter(Boolean)
    .join(' '),
});

/** @param {string} name @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
const runNode = (name, args, env = {}) =>
  launch({
    name,
    command: process.execPath,
    args,
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 2, 2],
  });
