import { performance } from 'node:perf_hooks';
import { compileTemplate, render, sampleTags } from '#templates/index.js';
import { shippedTemplates } from '#templates/shipped/index.js';
import { type BenchStack, startBenchStack } from './bench-stack.js';
import { historyOfSteps } from './history.js';
import { bareStarts, bareSteps, endAll, kindlyStarts, kindlySteps, type StepsRun } from './measure.js';
import { readOptions } from './options.js';
import { sleepingMemory } from './sleeping-memory.js';
import type { WorkerProcess } from './worker-process.js';

/**
 * `npm run bench`: Kindly beside a bare Temporal workflow with the same timers, in short turns on the same servers. A ratio is
 * taken within each round and the median of them reported, so that it holds on a machine whose speed changes by the minute.
 */
const read = readOptions(process.argv.slice(2));
if (!read.ok) {
  (read.exitCode === 0 ? console.log : console.error)(read.told);
  process.exit(read.exitCode);
}
const { options } = read;

const RUN: StepsRun = { workflows: options.workflows, steps: 6, waitMs: 1000 };
const say = (line: string): void => console.error(line);

/** Of one round, each a second. */
interface Rates {
  steps: number;
  bareSteps: number;
  bareNoopSteps: number;
  starts: number;
  bareStarts: number;
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

async function during<T>(workers: (() => Promise<WorkerProcess>)[], work: () => Promise<T>): Promise<T> {
  const started = await Promise.all(workers.map((start) => start()));
  try {
    return await work();
  } finally {
    await Promise.all(started.map((worker) => worker.stop()));
  }
}

/**
 * One of each, the bare workflow right beside Kindly's; every other round the other way round. After starts Temporal is
 * given time to end what they left, as much after the bare ones as after Kindly's.
 */
async function round(stack: BenchStack, index: number): Promise<Rates> {
  const rates: Partial<Rates> = {};
  const turns = [
    async () => (rates.bareNoopSteps = await bareSteps(stack, RUN, 'nothing')),
    async () => (rates.steps = await kindlySteps(stack, RUN)),
    async () => (rates.bareSteps = await bareSteps(stack, RUN, 'twoCommits')),
    async () => {
      rates.bareStarts = await bareStarts(stack, options.starts);
      await endAll(stack);
    },
    async () => {
      rates.starts = await kindlyStarts(stack, options.starts);
      await endAll(stack);
    },
  ];
  for (const turn of index % 2 ? turns.reverse() : turns) await turn();
  const line = Object.entries(rates).map(([name, rate]) => `${name} ${rounded(rate, 1)}/s`);
  say(`round ${index + 1}: ${line.join(', ')}`);
  return rates as Rates;
}

/**
 * One small run of each, unmeasured, then statistics for PostgreSQL's planner: what is measured is a database in use, not
 * the first minute of an empty one.
 */
async function warmUp(stack: BenchStack): Promise<void> {
  const run = { ...RUN, workflows: 50 };
  await kindlySteps(stack, run);
  await bareSteps(stack, run, 'twoCommits');
  await stack.owner.query('analyze');
}

/** Milliseconds to render one e-mail, its text, SMS and direct message included. */
async function renderTime(): Promise<number> {
  const [source] = shippedTemplates;
  const compiled = source && (await compileTemplate(source));
  if (!compiled?.ok) throw new Error('The first shipped template does not compile.');
  const tags = sampleTags(compiled.template.locale);
  for (let i = 0; i < 500; i += 1) render(compiled.template, tags);
  const start = performance.now();
  for (let i = 0; i < 2000; i += 1) render(compiled.template, tags);
  return (performance.now() - start) / 2000;
}

const stack = await startBenchStack();
try {
  const rounds: Rates[] = [];
  await during([stack.startKindly, stack.startBare], async () => {
    say('warming up…');
    await warmUp(stack);
    for (let index = 0; index < options.rounds; index += 1) rounds.push(await round(stack, index));
  });
  const of = (value: (rates: Rates) => number, digits?: number): number =>
    rounded(median(rounds.map(value)), digits);
  say('history…');
  const history = await during([stack.startKindly], () => historyOfSteps(stack));
  say('memory…');
  const memory = await sleepingMemory(stack, options.sleeping);
  const result = {
    stepsRatio: of(({ steps, bareSteps }) => steps / bareSteps),
    stepsRatioNoop: of(({ steps, bareNoopSteps }) => steps / bareNoopSteps),
    startsRatio: of(({ starts, bareStarts }) => starts / bareStarts),
    stepsPerSecond: of(({ steps }) => steps, 1),
    bareStepsPerSecond: of(({ bareSteps }) => bareSteps, 1),
    bareNoopStepsPerSecond: of(({ bareNoopSteps }) => bareNoopSteps, 1),
    startsPerSecond: of(({ starts }) => starts, 1),
    bareStartsPerSecond: of(({ bareStarts }) => bareStarts, 1),
    ...history,
    ...memory,
    renderMilliseconds: rounded(await renderTime(), 3),
  };
  if (options.json) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(28)}${value}`);
} finally {
  await stack.stop();
}
