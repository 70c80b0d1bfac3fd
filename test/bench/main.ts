import { parseArgs } from 'node:util';
import { performance } from 'node:perf_hooks';
import { compileTemplate, render, sampleTags } from '#templates/index.js';
import { shippedTemplates } from '#templates/shipped/index.js';
import { type BenchStack, startBenchStack } from './bench-stack.js';
import { historyOfSteps } from './history.js';
import { bareStarts, bareSteps, kindlyStarts, kindlySteps, type StepsRun } from './measure.js';
import { sleepingMemory } from './sleeping-memory.js';
import type { WorkerProcess } from './worker-process.js';

/**
 * `npm run bench`: Kindly beside a bare Temporal workflow with the same timers, in turns on the same servers, so that
 * the ratios hold on any machine. Medians over the rounds.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    workflows: { type: 'string', default: '300' },
    starts: { type: 'string', default: '2000' },
    sleeping: { type: 'string', default: '10000' },
  },
});

const RUN: StepsRun = { workflows: Number(values.workflows), steps: 8, waitMs: 1000 };
const say = (line: string): void => console.error(line);

interface Rates {
  steps: number[];
  bareSteps: number[];
  bareNoopSteps: number[];
  starts: number[];
  bareStarts: number[];
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

async function during<T>(start: () => Promise<WorkerProcess>, work: () => Promise<T>): Promise<T> {
  const worker = await start();
  try {
    return await work();
  } finally {
    await worker.stop();
  }
}

/** One of each, Kindly and the bare workflow in turns; every other round in the other order. */
async function round(stack: BenchStack, rates: Rates, index: number): Promise<void> {
  const kindly = (): Promise<void> =>
    during(stack.startKindly, async () => {
      rates.steps.push(await kindlySteps(stack, RUN));
      rates.starts.push(await kindlyStarts(stack, Number(values.starts)));
    });
  const bare = (): Promise<void> =>
    during(stack.startBare, async () => {
      rates.bareSteps.push(await bareSteps(stack, RUN, 'twoCommits'));
      rates.bareNoopSteps.push(await bareSteps(stack, RUN, 'nothing'));
      rates.bareStarts.push(await bareStarts(stack, Number(values.starts)));
    });
  for (const each of index % 2 ? [bare, kindly] : [kindly, bare]) await each();
  const last = Object.entries(rates).map(
    ([name, all]) => `${name} ${rounded((all as number[]).at(-1) ?? 0, 1)}/s`,
  );
  say(`round ${index + 1}: ${last.join(', ')}`);
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
  const rates: Rates = { steps: [], bareSteps: [], bareNoopSteps: [], starts: [], bareStarts: [] };
  for (let index = 0; index < Number(values.rounds); index += 1) await round(stack, rates, index);
  say('history…');
  const history = await during(stack.startKindly, () => historyOfSteps(stack));
  say('memory…');
  const memory = await sleepingMemory(stack, Number(values.sleeping));
  const result = {
    stepsRatio: rounded(median(rates.steps) / median(rates.bareSteps)),
    stepsRatioNoop: rounded(median(rates.steps) / median(rates.bareNoopSteps)),
    startsRatio: rounded(median(rates.starts) / median(rates.bareStarts)),
    stepsPerSecond: rounded(median(rates.steps), 1),
    bareStepsPerSecond: rounded(median(rates.bareSteps), 1),
    bareNoopStepsPerSecond: rounded(median(rates.bareNoopSteps), 1),
    startsPerSecond: rounded(median(rates.starts), 1),
    bareStartsPerSecond: rounded(median(rates.bareStarts), 1),
    ...history,
    ...memory,
    renderMilliseconds: rounded(await renderTime(), 3),
  };
  if (values.json) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(28)}${value}`);
} finally {
  await stack.stop();
}
