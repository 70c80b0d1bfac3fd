import { SENDGRID_KEY, startSendgrid } from '#test/support/providers/index.js';
import { during } from './bench-process.js';
import type { BenchStack } from './bench-stack.js';
import { kindlySteps, ladderRun, type StepsRun, until } from './measure.js';
import type { BenchOptions } from './options.js';
import { ReceiptFlow } from './receipt-flow.js';
import { type Figures, median, medianOf, rounded, rounds } from './rounds.js';

/** Steps by a SendGrid on this machine, while it tells of each message twice, beside the same while it tells nothing. */
export async function stepsWithReceipts(stack: BenchStack, options: BenchOptions): Promise<Figures> {
  const sendgrid = await startSendgrid();
  const account = { SENDGRID_API_KEY: SENDGRID_KEY, SENDGRID_BASE_URL: sendgrid.url };
  try {
    return await during([() => stack.startKindly(account), stack.startApi], () =>
      measure(stack, options, new ReceiptFlow(sendgrid, stack.apiUrl)),
    );
  } finally {
    await sendgrid.stop();
  }
}

/** Its turns are the longest, so there are fewer of them. */
async function measure(
  stack: BenchStack,
  { workflows, rounds: count }: BenchOptions,
  flow: ReceiptFlow,
): Promise<Figures> {
  const run = ladderRun(workflows);
  const behind: number[] = [];
  const withReceipts = async (walked: StepsRun): Promise<number> => {
    const before = flow.stored;
    const rate = await flow.during(async () => {
      const steps = await kindlySteps(stack, walked);
      behind.push(await unapplied(stack));
      return steps;
    });
    const [told, expected] = [flow.stored - before, 2 * walked.workflows * walked.steps];
    if (told !== expected) throw new Error(`Of ${expected} receipts ${told} were stored.`);
    await until(async () => -(await unapplied(stack)), 0, performance.now());
    return rate;
  };
  await withReceipts(ladderRun(50));
  await stack.owner.query('analyze');
  behind.length = 0;
  const all = await rounds(Math.ceil(count / 3), {
    stepsWithout: () => kindlySteps(stack, run),
    stepsWith: () => withReceipts(run),
  });
  return {
    stepsWithReceiptsRatio: medianOf(all, ({ stepsWith, stepsWithout }) => stepsWith / stepsWithout),
    stepsWithReceiptsPerSecond: medianOf(all, ({ stepsWith }) => stepsWith, 1),
    stepsWithoutReceiptsPerSecond: medianOf(all, ({ stepsWithout }) => stepsWithout, 1),
    receiptsUnapplied: rounded(median(behind), 0),
  };
}

/** Stored, and waiting for a worker to make something of them. */
async function unapplied({ owner }: BenchStack): Promise<number> {
  const [row] = await owner.query<{ n: number }[]>(
    'select count(*)::int as n from receipt where applied_at is null',
  );
  return row?.n ?? 0;
}
