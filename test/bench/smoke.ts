import { startBenchStack } from './bench-stack.js';
import { bareSteps, bareStarts, kindlySteps, kindlyStarts } from './measure.js';
const stack = await startBenchStack();
const run = { workflows: 200, steps: 6, waitMs: 1000 };
try {
  for (let i = 0; i < 2; i++) {
    const bare = await stack.startBare();
    console.error('bare steps/s', await bareSteps(stack, run, 'twoCommits'));
    console.error('bare noop steps/s', await bareSteps(stack, run, 'nothing'));
    await bare.stop();
    const kindly = await stack.startKindly();
    console.error('kindly steps/s', await kindlySteps(stack, run));
    await kindly.stop();
  }
} finally { await stack.stop(); }
