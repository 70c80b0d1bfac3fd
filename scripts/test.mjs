/**
 * `npm test`: every check in order, one PostgreSQL and one Temporal for all of them; the last line on standard output
 * is `N passed, N failed`.
 * Usage: node scripts/test.mjs [stage…] [--grep <pattern>]
 */
import { build, ensureBuilt } from './build.mjs';
import { ensureInfrastructure } from './infrastructure.mjs';
import { asTally, runJest, runTool } from './support/checks.mjs';
import { self } from './support/identity.mjs';
import { reapOrphans } from './support/processes.mjs';
import { messageOf, say, secondsSince } from './support/progress.mjs';
import { parseArguments } from './support/stages.mjs';
import { onStopRequest } from './support/stop-request.mjs';

/**
 * @typedef {import('./support/checks.mjs').Tally} Tally
 * @typedef {import('./support/stages.mjs').Stage} Stage
 * @typedef {import('./infrastructure.mjs').Infrastructure} Infrastructure
 */

/** @type {Infrastructure | undefined} */
let servers;

/** @type {Record<string, () => Promise<Tally>>} */
const CHECKS = {
  lint: () => runTool('eslint', 'eslint/bin/eslint.js', ['.']),
  format: () => runTool('prettier', 'prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  types: checkTypes,
};

/** Code with type errors is reported once, and compiled all the same: the tests go on with it. */
let compiled = false;

/** The product's code by building it; the scripts' by their JSDoc. */
async function checkTypes() {
  compiled = true;
  await build();
  return runTool('tsc', 'typescript/bin/tsc', ['-p', 'scripts']);
}

/** @param {Stage} stage @param {string | undefined} grep @returns {Promise<Tally>} */
async function runStage({ name, built, servers: needsServers }, grep) {
  const check = CHECKS[name];
  if (check) return check();
  if (built && !compiled) await ensureBuilt();
  return runJest(name, { grep, env: needsServers ? await serverEnvironment() : {} });
}

async function serverEnvironment() {
  servers ??= await ensureInfrastructure({ isolated: true });
  return {
    KINDLY_TEST_DATABASE_URL: servers.databaseUrl,
    KINDLY_TEST_TEMPORAL_ADDRESS: servers.temporalAddress,
    KINDLY_TEST_TEMPORAL_NAMESPACE: servers.temporalNamespace,
  };
}

/** A stage that cannot even run has failed, and the next one's turn comes. @param {Stage} stage @param {string | undefined} grep */
async function report(stage, grep) {
  const since = Date.now();
  say(`\n── ${stage.name}`);
  const tally = await runStage(stage, grep).catch((error) => {
    say(messageOf(error));
    return asTally(false);
  });
  return { ...tally, name: stage.name, seconds: secondsSince(since) };
}

/** @param {{ name: string, seconds: number } & Tally} outcome */
function line({ name, passed, failed, skipped, seconds }) {
  const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  return `${name.padEnd(10)}${counts.join(', ').padEnd(36)}${seconds} s`;
}

onStopRequest((why) => {
  say(`stopping (${why})`);
  void reapOrphans({ log: () => undefined, deadOwner: self() }).finally(() => process.exit(130));
});

try {
  const { stages, grep } = parseArguments(process.argv.slice(2));
  /** @type {Awaited<ReturnType<typeof report>>[]} */
  const outcomes = [];
  for (const stage of stages) outcomes.push(await report(stage, grep));
  await servers?.stop();
  const sum = (/** @type {'passed' | 'failed'} */ key) =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`\n${outcomes.map(line).join('\n')}\n`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exit(sum('failed') > 0 ? 1 : 0);
} catch (error) {
  say(messageOf(error));
  process.exit(1);
}
