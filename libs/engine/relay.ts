import type { Client } from '@temporalio/client';
import type { DataSource, EntityManager } from 'typeorm';
import { ENGINE_QUEUE, FACTS_CHANGED, type WorkflowPlan } from '#contracts/engine.js';
import { withSystem } from '#store/with-organisation.js';
import { OUTBOX_CHANNEL, PLANNED_CHANNEL } from './announce.js';
import { nameOf, WorkLoop } from './work-loop.js';

/** How long a claimed row belongs to one relay; after a crash another takes it over. */
const CLAIM_SECONDS = 10;
/** How long one delivery may take; the claim outlives it. */
const DEADLINE_MS = 5_000;
/** A row that fails again and again waits this long at most for its next try. */
const MAX_BACK_OFF_SECONDS = 30;
const BATCH = 50;
/** Batches under way at once where more than one waits: while one asks the database, Temporal has the other. */
const LANES = 2;

interface OutboxRow {
  organisation_id: string;
  workflow_id: string;
  workflow_type: string;
  payload: { plan?: WorkflowPlan };
  version: number;
}

export interface RelayDeps {
  /** Of the role `system`. */
  system: DataSource;
  /** Where the database is, for LISTEN. */
  systemUrl: string;
  temporal: Client;
  /** Of one delivery; some seconds unless given. */
  deadlineMs?: number;
  log: (message: string, detail?: Record<string, unknown>) => void;
}

/**
 * Delivers committed facts to their workflows, at least once: claims outbox rows by lease, starts or signals the
 * workflow with no transaction open, then deletes the rows that did not change meanwhile.
 */
export class Relay {
  private readonly loop: WorkLoop;

  constructor(private readonly deps: RelayDeps) {
    this.loop = new WorkLoop({
      url: deps.systemUrl,
      channel: OUTBOX_CHANNEL,
      drain: (signal) => this.drain(signal),
      complaint: 'The relay could not deliver; nothing is lost, it tries again.',
      log: deps.log,
    });
  }

  start(): Promise<void> {
    return this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Delivers until nothing waits. */
  private async drain(signal: AbortSignal): Promise<void> {
    if ((await this.deliverBatch()) < BATCH) return;
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, () => this.lane(signal)));
    const failed = lanes.find((lane) => lane.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async lane(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.deliverBatch()) === BATCH);
  }

  /**
   * A row that fails waits for its next try by itself, and holds up no other.
   *
   * @returns how many rows it claimed
   * @throws what the first delivery failed with, when all of them failed: then it is Temporal, not a row
   */
  async deliverBatch(): Promise<number> {
    const rows = await withSystem(this.deps.system, claim);
    if (rows.length === 0) return 0;
    const results = await Promise.allSettled(rows.map((row) => this.deliver(row)));
    await withSystem(this.deps.system, (manager) => settle(manager, rows, results), { retry: true });
    const failures = results.filter((result) => result.status === 'rejected');
    if (failures.length === rows.length) throw failures[0]?.reason;
    if (failures.length > 0) this.logFailures(failures);
    return rows.length;
  }

  private logFailures(failures: readonly PromiseRejectedResult[]): void {
    const errors = [...new Set(failures.map(({ reason }) => nameOf(reason)))];
    this.deps.log('Some workflows could not be told; they are tried again.', {
      errors,
      rows: failures.length,
    });
  }

  private deliver(row: OutboxRow): Promise<void> {
    const deadline = Date.now() + (this.deps.deadlineMs ?? DEADLINE_MS);
    return this.deps.temporal.withDeadline(deadline, () => this.startOrSignal(row));
  }

  private async startOrSignal(row: OutboxRow): Promise<void> {
    const { workflow } = this.deps.temporal;
    const common = {
      workflowId: row.workflow_id,
      // Every workflow's, those of webhooks too: other queues take activities alone.
      taskQueue: ENGINE_QUEUE,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      priority: { fairnessKey: row.organisation_id },
      args: [row.payload],
    } as const;
    if (isFreshStart(row)) {
      await workflow.start(row.workflow_type, common);
    } else {
      const { plan: _outdated, ...input } = row.payload;
      await workflow.signalWithStart(row.workflow_type, {
        ...common,
        args: [input],
        signal: FACTS_CHANGED,
        signalArgs: [row.version],
      });
    }
  }
}

/** The first enrolment of an invoice, unchanged since: no workflow can know of it, so it is started with its plan. */
const isFreshStart = ({ payload, version }: OutboxRow): boolean =>
  payload.plan?.version === 1 && version === 1;

async function claim(manager: EntityManager): Promise<OutboxRow[]> {
  // TypeORM answers an UPDATE … RETURNING with [rows, count].
  const [rows] = await manager.query<[OutboxRow[], number]>(
    `update outbox o set claimed_until = now() + interval '${CLAIM_SECONDS} s', tries = tries + 1
     from (select organisation_id, workflow_id from outbox
           where claimed_until is null or claimed_until < now()
           order by claimed_until nulls first, recorded_at limit ${BATCH} for update skip locked) c
     where o.organisation_id = c.organisation_id and o.workflow_id = c.workflow_id
     returning o.organisation_id, o.workflow_id, o.workflow_type, o.payload, o.version`,
  );
  return rows;
}

const DONE = `jsonb_to_recordset($1) as d(organisation_id uuid, workflow_id text, version int, error text)`;
const SAME = 'o.organisation_id = d.organisation_id and o.workflow_id = d.workflow_id';

/** In the order of the key, as everybody locks them; a statement of its own, so that the next one sees what it waited for. */
const LOCK = `select from outbox o join ${DONE} on ${SAME} order by o.organisation_id, o.workflow_id for update of o`;

/** Deletes what was delivered and is unchanged; what changed meanwhile is free to be claimed, what failed after a while. */
const SETTLE = `
  with done as (
    select * from ${DONE}
  ), deleted as (
    delete from outbox o using done d where ${SAME} and o.version = d.version and d.error is null
    returning o.organisation_id
  ), freed as (
    update outbox o set last_error = d.error, tries = case when d.error is null then 0 else o.tries end,
      claimed_until = case when d.error is not null
        then now() + least(${MAX_BACK_OFF_SECONDS}, 2 ^ least(o.tries - 1, 10)) * interval '1 s' end
    from done d where ${SAME} and (o.version <> d.version or d.error is not null)
    returning 1
  )
  select (select count(*) from freed) as freed,
    (select count(pg_notify('${PLANNED_CHANNEL}', g.id::text)) from organisation g
      where g.kind = 'test' and g.id in (select organisation_id from deleted)) as told`;

async function settle(
  manager: EntityManager,
  rows: OutboxRow[],
  results: PromiseSettledResult<void>[],
): Promise<void> {
  const done = rows.map((row, index) => {
    const result = results[index];
    return {
      ...row,
      payload: undefined,
      error: result?.status === 'rejected' ? nameOf(result.reason) : null,
    };
  });
  const parameters = [JSON.stringify(done)];
  await manager.query(LOCK, parameters);
  await manager.query(SETTLE, parameters);
}
