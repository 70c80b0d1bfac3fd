import { startBenchStack } from './bench-stack.js';
import { bareSteps, bareStarts, kindlySteps, kindlyStarts } from './measure.js';
const stack = await startBenchStack();
try {
  const kindly = await stack.startKindly();
  const run = { workflows: 200, steps: 6, waitMs: 1000 };
  console.error('kindly steps/s', await kindlySteps(stack, run));
  console.error('kindly steps/s', await kindlySteps(stack, run));
  console.error('kindly starts/s', await kindlyStarts(stack, 1000));
  await kindly.stop();
  const bare = await stack.startBare();
  console.error('bare steps/s', await bareSteps(stack, run, 'twoCommits'));
  console.error('bare noop steps/s', await bareSteps(stack, run, 'nothing'));
  console.error('bare starts/s', await bareStarts(stack, 1000));
  await bare.stop();
} finally { await stack.stop(); }
