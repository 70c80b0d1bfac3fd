import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { DataSource, EntityManager } from 'typeorm';
import {
  ENGINE_QUEUE,
  FACTS_CHANGED,
  WEBHOOK_DELIVERY,
  WEBHOOK_QUEUE,
  type WorkflowPlan,
} from '#contracts/engine.js';
import { withSystem } from '#store/with-organisation.js';
import { OUTBOX_CHANNEL, PLANNED_CHANNEL } from './announce.js';
import { type Listener, listen } from './listen.js';

/** How long a claimed row belongs to one relay; after a crash another takes it over. */
const CLAIM_SECONDS = 10;
const BATCH = 100;
/** Rows that a notification did not announce (another relay's leftovers) are looked for this often. */
const POLL_MS = 1_000;
const MAX_PAUSE_MS = 15_000;

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
  log: (message: string, detail?: Record<string, unknown>) => void;
}

/**
 * Delivers committed facts to their workflows, at least once: claims outbox rows by lease, starts or signals the
 * workflow with no transaction open, then deletes the rows that did not change meanwhile.
 */
export class Relay {
  private stopping = new AbortController();
  private wake: () => void = () => undefined;
  private loop: Promise<void> | undefined;
  private listener: Listener | undefined;

  constructor(private readonly deps: RelayDeps) {}

  async start(): Promise<void> {
    this.listener = await listen(this.deps.systemUrl, OUTBOX_CHANNEL, () => this.wake(), this.deps.log);
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await this.listener?.close();
  }

  private async run(): Promise<void> {
    let pause = POLL_MS;
    while (!this.stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        const delivered = await this.deliverBatch();
        pause = POLL_MS;
        if (delivered === BATCH) continue;
      } catch (error) {
        this.deps.log('The relay could not deliver; nothing is lost, it tries again.', {
          error: nameOf(error),
          pause,
        });
        pause = Math.min(pause * 2, MAX_PAUSE_MS);
        await this.idle(pause, new Promise(() => undefined));
        continue;
      }
      await this.idle(pause, woken);
    }
  }

  /** Waits for a notification, at most so long, and no longer than until it is stopped. */
  private async idle(milliseconds: number, woken: Promise<void>): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, over.signal]);
    await Promise.race([woken, sleep(milliseconds, undefined, { signal }).catch(() => undefined)]);
    over.abort();
  }

  /** @returns how many rows it claimed */
  async deliverBatch(): Promise<number> {
    const rows = await withSystem(this.deps.system, claim);
    if (rows.length === 0) return 0;
    const results = await Promise.allSettled(rows.map((row) => this.deliver(row)));
    await withSystem(this.deps.system, (manager) => settle(manager, rows, results));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return rows.length;
  }

  private async deliver(row: OutboxRow): Promise<void> {
    const { workflow } = this.deps.temporal;
    const common = {
      workflowId: row.workflow_id,
      taskQueue: row.workflow_type === WEBHOOK_DELIVERY ? WEBHOOK_QUEUE : ENGINE_QUEUE,
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

/** Deletes what was delivered and is unchanged; what changed meanwhile, or failed, is free to be claimed again. */
const SETTLE = `
  with done as (
    select * from jsonb_to_recordset($1) as d(organisation_id uuid, workflow_id text, version int, error text)
  ), deleted as (
    delete from outbox o using done d
    where o.organisation_id = d.organisation_id and o.workflow_id = d.workflow_id and o.version = d.version and d.error is null
    returning o.organisation_id
  ), freed as (
    update outbox o set last_error = d.error, claimed_until = case when d.error is null then null else o.claimed_until end
    from done d
    where o.organisation_id = d.organisation_id and o.workflow_id = d.workflow_id and (o.version <> d.version or d.error is not null)
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
  await manager.query(SETTLE, [JSON.stringify(done)]);
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
