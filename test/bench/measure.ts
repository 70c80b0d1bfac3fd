import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignInput } from '#domain/campaign/document.js';
import { WorkflowNotFoundError } from '@temporalio/client';
import { invoiceWorkflowId } from '#contracts/engine.js';
import type { LocalDate } from '#domain/instant.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import { weekendCalendar } from '#domain/working-days.js';
import { enrolInvoices } from '#engine/enrol.js';
import { withScope } from '#engine/scope.js';
import { withOrganisation } from '#store/with-organisation.js';
import { seedCampaign, seedInvoices, seedOrganisation } from '#test/support/seed.js';
import { type BenchStack, uniqueName } from './bench-stack.js';

const CHUNK = 200;
/** Rare enough to be no load itself, and a hundredth of a run. */
const POLL_MS = 200;
/** Of a count that costs next to nothing, for runs of some seconds. */
const FINE_POLL_MS = 50;
const LIMIT_MS = 10 * 60_000;

export interface StepsRun {
  workflows: number;
  steps: number;
  waitMs: number;
}

export const ladderRun = (workflows: number): StepsRun => ({ workflows, steps: 6, waitMs: 1000 });

/** A ladder that sends `steps` e-mails, each `waitMs` after the one before. */
export const ladderOfSeconds = ({ steps, waitMs }: StepsRun): CampaignInput => ({
  kindly: 1,
  policy: 'none',
  name: 'Ladder of seconds',
  whenExhausted: 'nothing',
  steps: Array.from({ length: steps }, (_, index) => ({
    key: `step-${index}`,
    at:
      index === 0
        ? ({ anchor: 'issue_date', offset: 'PT1S' } as const)
        : ({ anchor: 'previous_step', offset: `PT${Math.round(waitMs / 1000)}S` } as const),
    send: ['email'],
    template: 'overdue',
  })),
});

/** Of the customers that are seeded: a step of yesterday would be missed at entry. */
export const today = (): LocalDate => localDateOf(Date.now(), 'Europe/Madrid');
export const inDays = (days: number): LocalDate => addDays(today(), days);

/** One step, a month away. */
export const SLEEPING_CAMPAIGN: CampaignInput = {
  kindly: 1,
  policy: 'none',
  name: 'Asleep',
  steps: [{ key: 'later', at: { anchor: 'due_date', offset: 'P1D' }, send: ['email'], template: 'overdue' }],
};

/** Waits until a count is reached. @returns milliseconds since `start` */
export async function until(
  count: () => Promise<number>,
  goal: number,
  start: number,
  pollMs = POLL_MS,
): Promise<number> {
  while ((await count()) < goal) {
    if (performance.now() - start > LIMIT_MS)
      throw new Error(`Only ${await count()} of ${goal} in ten minutes.`);
    await sleep(pollMs);
  }
  return performance.now() - start;
}

/** Kindly: sent steps a second, from enrolling to the last message settled. */
export async function kindlySteps(stack: BenchStack, run: StepsRun): Promise<number> {
  const { organisationId, versionId, ids } = await seedRun(stack, run.workflows, ladderOfSeconds(run));
  const start = performance.now();
  await enrolAll(stack, organisationId, versionId, ids);
  const total = run.workflows * run.steps;
  const elapsed = await until(
    () =>
      countIn(
        stack,
        organisationId,
        `select count(*) as n from contact where organisation_id = $1 and settled_at is not null`,
      ),
    total,
    start,
  );
  return (total / elapsed) * 1000;
}

/** Kindly: enrolments a second, from the first insert until every workflow is asleep, for weeks. */
export async function kindlyStarts(stack: BenchStack, workflows: number): Promise<number> {
  const { organisationId, versionId, ids } = await seedRun(stack, workflows, SLEEPING_CAMPAIGN);
  const start = performance.now();
  await enrolAll(stack, organisationId, versionId, ids);
  await outboxEmpty(stack, organisationId, start);
  const workflowIds = ids.map((id) => invoiceWorkflowId(organisationId, id));
  return (workflows / (await allAsleep(stack, workflowIds, start))) * 1000;
}

/**
 * Waits until every fifth workflow is asleep: a start is answered before its workflow ran, and how many of those first
 * tasks are left at the end depends on how busy the machine was, not on who started them. Asks of one after the other, so
 * that the waiting is no load.
 *
 * @returns milliseconds since `start`
 */
async function allAsleep({ temporal }: BenchStack, workflowIds: string[], start: number): Promise<number> {
  for (const id of workflowIds.filter((_, index) => index % 5 === 0)) {
    const events = async (): Promise<number> =>
      (await temporal.workflow.getHandle(id).describe()).historyLength;
    await until(events, ASLEEP_AT_EVENT, start, FINE_POLL_MS);
  }
  return performance.now() - start;
}

/** Started, its first task scheduled, started and completed, and the timer. */
const ASLEEP_AT_EVENT = 5;

/**
 * Ends every enrolment and every workflow, Kindly's and bare, and waits until Temporal lists none: the next measurement
 * finds neither sleepers nor what is left to do after their end.
 */
export async function endAll({ owner, temporal }: BenchStack): Promise<void> {
  await owner.query(
    `update enrolment set state = 'ended', ended_reason = 'cancelled', planned_version = facts_version, next_due_at = null
     where state = 'open'`,
  );
  const query = `ExecutionStatus = 'Running'`;
  for (;;) {
    const running: string[] = [];
    for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1000 }))
      running.push(workflowId);
    if (running.length === 0) return;
    await inBatches(running, (id) => temporal.workflow.getHandle(id).terminate().catch(ignoreEnded));
    await sleep(POLL_MS);
  }
}

/** The list lags behind what has ended. */
const ignoreEnded = (error: unknown): void => {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
};

/** Waits until the relay has delivered everything. @returns milliseconds since `start` */
export const outboxEmpty = (
  stack: BenchStack,
  organisationId: string,
  start = performance.now(),
): Promise<number> =>
  until(
    () => countIn(stack, organisationId, `select -count(*) as n from outbox where organisation_id = $1`),
    0,
    start,
    FINE_POLL_MS,
  );

/** The bare workflow: steps a second. */
export async function bareSteps(
  stack: BenchStack,
  run: StepsRun,
  activity: 'twoCommits' | 'nothing',
): Promise<number> {
  const name = uniqueName('bare');
  const start = performance.now();
  const handles = await startBare(stack, name, run.workflows, { ...run, activity });
  await Promise.all(handles.map((handle) => handle.result()));
  return ((run.workflows * run.steps) / (performance.now() - start)) * 1000;
}

/** The bare workflow: starts a second, from the first until every workflow is asleep, for weeks. */
export async function bareStarts(stack: BenchStack, workflows: number): Promise<number> {
  const start = performance.now();
  const handles = await startBare(stack, uniqueName('asleep'), workflows, {
    steps: 1,
    waitMs: 31 * 86_400_000,
    activity: 'nothing',
  });
  const workflowIds = handles.map(({ workflowId }) => workflowId);
  return (workflows / (await allAsleep(stack, workflowIds, start))) * 1000;
}

interface BareOptions {
  steps: number;
  waitMs: number;
  activity: 'twoCommits' | 'nothing';
}

type BareHandle = Awaited<ReturnType<BenchStack['temporal']['workflow']['start']>>;

function startBare(
  stack: BenchStack,
  name: string,
  workflows: number,
  options: BareOptions,
): Promise<BareHandle[]> {
  const ids = Array.from({ length: workflows }, (_, index) => `${name}-${index}`);
  return inBatches(ids, (id) =>
    stack.temporal.workflow.start('bare', { taskQueue: 'bare', workflowId: id, args: [{ id, ...options }] }),
  );
}

const BATCH = 50;
const LANES = 2;

/** As many at once, and in the same way, as Kindly's relay delivers. */
export async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const batch = items.slice(next, (next += BATCH));
      results.push(...(await Promise.all(batch.map(work))));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

export async function seedRun(
  stack: BenchStack,
  count: number,
  campaign: CampaignInput,
): Promise<{ organisationId: string; versionId: string; ids: string[] }> {
  const organisationId = await seedOrganisation(stack);
  const versionId = await seedCampaign(stack.app, organisationId, campaign);
  const ids = await seedInvoices(stack.app, organisationId, {
    prefix: uniqueName('bench'),
    count,
    issuedOn: today(),
    dueOn: inDays(30),
  });
  return { organisationId, versionId, ids };
}

export async function enrolAll(
  stack: BenchStack,
  organisationId: string,
  versionId: string,
  ids: string[],
): Promise<void> {
  for (let i = 0; i < ids.length; i += CHUNK) {
    const invoiceIds = ids.slice(i, i + CHUNK);
    await withScope(stack.app, organisationId, 'bench', (scope) =>
      enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds }),
    );
  }
}

async function countIn(stack: BenchStack, organisationId: string, sql: string): Promise<number> {
  const [row] = await withOrganisation(stack.app, organisationId, (manager) =>
    manager.query<{ n: number }[]>(sql, [organisationId]),
  );
  return Number(row?.n);
}
