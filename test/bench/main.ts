import { startsBesideBare, stepsBesideBare } from './beside-bare.js';
import { type BenchStack, startBenchStack } from './bench-stack.js';
import { gateDecision } from './gate-decision.js';
import { historyOfSteps } from './history.js';
import { inboundReaction } from './inbound-reaction.js';
import { type BenchOptions, type Measurement, readOptions } from './options.js';
import { renderTime } from './render-time.js';
import { type Figures, say } from './rounds.js';
import { sleepingMemory } from './sleeping-memory.js';
import { stepsWithReceipts } from './steps-with-receipts.js';
import { webhooksStored } from './webhooks-stored.js';

/** `npm run bench`: each measurement with processes of its own, on the same servers, one after the other. */
const read = readOptions(process.argv.slice(2));
if (!read.ok) {
  (read.exitCode === 0 ? console.log : console.error)(read.told);
  process.exit(read.exitCode);
}
const { options } = read;

const MEASURES: Record<Measurement, (stack: BenchStack, options: BenchOptions) => Promise<Figures>> = {
  starts: startsBesideBare,
  steps: stepsBesideBare,
  history: historyOfSteps,
  webhooks: webhooksStored,
  inbound: inboundReaction,
  receipts: stepsWithReceipts,
  gate: gateDecision,
  render: renderTime,
  memory: sleepingMemory,
};

const stack = await startBenchStack();
try {
  const result: Figures = {};
  for (const name of options.only) {
    say(`${name}…`);
    Object.assign(result, await MEASURES[name](stack, options));
  }
  if (options.json) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(32)}${value}`);
} finally {
  await stack.stop();
}
