import { during } from './bench-process.js';
import type { BenchStack } from './bench-stack.js';
import { bareStarts, bareSteps, endAll, kindlyStarts, kindlySteps, ladderRun } from './measure.js';
import type { BenchOptions } from './options.js';
import { type Figures, medianOf, rounds } from './rounds.js';

/** Starts vary more from turn to turn than steps do. */
const START_ROUNDS_A_ROUND = 2;

/** A turn takes some seconds and not more, or the machine's speed would change between one and the other. */
export async function startsBesideBare(stack: BenchStack, options: BenchOptions): Promise<Figures> {
  const andEndThem = async (rate: number): Promise<number> => {
    await endAll(stack);
    return rate;
  };
  const all = await besideBare(stack, () =>
    rounds(START_ROUNDS_A_ROUND * options.rounds, {
      bareStarts: async () => andEndThem(await bareStarts(stack, options.starts)),
      starts: async () => andEndThem(await kindlyStarts(stack, options.starts)),
    }),
  );
  return {
    startsRatio: medianOf(all, ({ starts, bareStarts }) => starts / bareStarts),
    startsPerSecond: medianOf(all, ({ starts }) => starts, 1),
    bareStartsPerSecond: medianOf(all, ({ bareStarts }) => bareStarts, 1),
  };
}

export async function stepsBesideBare(stack: BenchStack, options: BenchOptions): Promise<Figures> {
  const run = ladderRun(options.workflows);
  const all = await besideBare(stack, () =>
    rounds(options.rounds, {
      bareNoopSteps: () => bareSteps(stack, run, 'nothing'),
      steps: () => kindlySteps(stack, run),
      bareSteps: () => bareSteps(stack, run, 'twoCommits'),
    }),
  );
  return {
    stepsRatio: medianOf(all, ({ steps, bareSteps }) => steps / bareSteps),
    stepsRatioNoop: medianOf(all, ({ steps, bareNoopSteps }) => steps / bareNoopSteps),
    stepsPerSecond: medianOf(all, ({ steps }) => steps, 1),
    bareStepsPerSecond: medianOf(all, ({ bareSteps }) => bareSteps, 1),
    bareNoopStepsPerSecond: medianOf(all, ({ bareNoopSteps }) => bareNoopSteps, 1),
  };
}

/**
 * One small run of each, unmeasured, then statistics for PostgreSQL's planner: what is measured is a database in use, not
 * the first minute of an empty one.
 */
const besideBare = <T>(stack: BenchStack, work: () => Promise<T>): Promise<T> =>
  during([stack.startKindly, stack.startBare], async () => {
    const run = ladderRun(50);
    await kindlySteps(stack, run);
    await bareSteps(stack, run, 'twoCommits');
    await stack.owner.query('analyze');
    return work();
  });
