import { seedCampaign, seedInvoices, seedOrganisation } from '#test/support/seed.js';
import type { BenchStack } from './bench-stack.js';
import { enrolAll, inDays, outboxEmpty, SLEEPING_CAMPAIGN, today } from './measure.js';
import type { BenchOptions } from './options.js';
import type { Figures } from './rounds.js';

/** Resident memory of a worker, before and with so many enrolments asleep. */
export async function sleepingMemory(stack: BenchStack, { sleeping: count }: BenchOptions): Promise<Figures> {
  const worker = await stack.startKindly();
  try {
    const before = await worker.memory();
    const organisationId = await seedOrganisation(stack);
    const versionId = await seedCampaign(stack.app, organisationId, SLEEPING_CAMPAIGN);
    const dates = { issuedOn: today(), dueOn: inDays(30) };
    const ids = await seedInvoices(stack.app, organisationId, { prefix: 'asleep', count, ...dates });
    await enrolAll(stack, organisationId, versionId, ids);
    await outboxEmpty(stack, organisationId);
    const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
    return {
      workerMegabytes: megabytes(before),
      workerMegabytesSleeping: megabytes(await worker.memory()),
      sleeping: count,
    };
  } finally {
    await worker.stop();
  }
}
