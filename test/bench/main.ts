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
/** Starts vary more from turn to turn than steps do. */
const START_ROUNDS_A_ROUND = 2;
const say = (line: string): void => console.error(line);

type Turn = () => Promise<number>;

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

const medianOf = <T>(items: readonly T[], value: (item: T) => number, digits?: number): number =>
  rounded(median(items.map(value)), digits);

async function during<T>(workers: (() => Promise<WorkerProcess>)[], work: () => Promise<T>): Promise<T> {
  const started = await Promise.all(workers.map((start) => start()));
  try {
    return await work();
  } finally {
    await Promise.all(started.map((worker) => worker.stop()));
  }
}

/** The turns of a round beside each other, every other round the other way round. @returns each turn's rate, a second */
async function round<Name extends string>(
  index: number,
  turns: Record<Name, Turn>,
): Promise<Record<Name, number>> {
  const entries = Object.entries(turns) as [Name, Turn][];
  const rates: Partial<Record<Name, number>> = {};
  for (const [name, turn] of index % 2 ? entries.reverse() : entries) rates[name] = await turn();
  const told = (Object.keys(turns) as Name[]).map((name) => `${name} ${rounded(rates[name] ?? NaN, 1)}/s`);
  say(`round ${index + 1}: ${told.join(', ')}`);
  return rates as Record<Name, number>;
}

async function rounds<Name extends string>(
  count: number,
  turns: Record<Name, Turn>,
): Promise<Record<Name, number>[]> {
  const all: Record<Name, number>[] = [];
  while (all.length < count) all.push(await round(all.length, turns));
  return all;
}

/** A turn takes some seconds and not more, or the machine's speed would change between one and the other. */
const startTurns = (stack: BenchStack): Record<'bareStarts' | 'starts', Turn> => {
  const andEndThem = async (rate: number): Promise<number> => {
    await endAll(stack);
    return rate;
  };
  return {
    bareStarts: async () => andEndThem(await bareStarts(stack, options.starts)),
    starts: async () => andEndThem(await kindlyStarts(stack, options.starts)),
  };
};

const stepTurns = (stack: BenchStack): Record<'bareNoopSteps' | 'steps' | 'bareSteps', Turn> => ({
  bareNoopSteps: () => bareSteps(stack, RUN, 'nothing'),
  steps: () => kindlySteps(stack, RUN),
  bareSteps: () => bareSteps(stack, RUN, 'twoCommits'),
});

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
  const { starts, steps } = await during([stack.startKindly, stack.startBare], async () => {
    say('warming up…');
    await warmUp(stack);
    return {
      starts: await rounds(START_ROUNDS_A_ROUND * options.rounds, startTurns(stack)),
      steps: await rounds(options.rounds, stepTurns(stack)),
    };
  });
  say('history…');
  const history = await during([stack.startKindly], () => historyOfSteps(stack));
  say('memory…');
  const memory = await sleepingMemory(stack, options.sleeping);
  const result = {
    stepsRatio: medianOf(steps, ({ steps, bareSteps }) => steps / bareSteps),
    stepsRatioNoop: medianOf(steps, ({ steps, bareNoopSteps }) => steps / bareNoopSteps),
    startsRatio: medianOf(starts, ({ starts, bareStarts }) => starts / bareStarts),
    stepsPerSecond: medianOf(steps, ({ steps }) => steps, 1),
    bareStepsPerSecond: medianOf(steps, ({ bareSteps }) => bareSteps, 1),
    bareNoopStepsPerSecond: medianOf(steps, ({ bareNoopSteps }) => bareNoopSteps, 1),
    startsPerSecond: medianOf(starts, ({ starts }) => starts, 1),
    bareStartsPerSecond: medianOf(starts, ({ bareStarts }) => bareStarts, 1),
    ...history,
    ...memory,
    renderMilliseconds: rounded(await renderTime(), 3),
  };
  if (options.json) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(28)}${value}`);
} finally {
  await stack.stop();
}
