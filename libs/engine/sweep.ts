import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { DataSource, EntityManager } from 'typeorm';
import { INVOICE_CAMPAIGN, invoiceWorkflowId } from '#contracts/engine.js';
import { withSystem } from '#store/with-organisation.js';
import { OUTBOX_CHANNEL } from './announce.js';

/** One replica sweeps at a time: any number that nothing else locks. */
const SWEEP_LOCK = 1_764_000_100;
/** Enrolments told anew in one sweep; the rest have their turn in the next. */
const BATCH = 500;
/** Workflows looked up in one sweep. */
const PROVED = 200;
/** A live step this late was lost, for its worker would have taken it. */
const OVERDUE = '5 minutes';

export interface SweepDeps {
  /** Of the role `system`. */
  system: DataSource;
  temporal: Client;
}

export interface SweepResult {
  /** Enrolments whose workflow did not follow their facts, told again. */
  retold: number;
  /** Open enrolments that had no running workflow, started again. */
  restarted: number;
  /** Workflows looked up. */
  proved: number;
  /** Stored answers to repeated requests, too old to be asked for. */
  forgotten: number;
}

interface EnrolmentRow {
  organisation_id: string;
  invoice_id: string;
  facts_version: number;
}

/** What a workflow that lags behind looks like in the database; Temporal's own lists lag themselves. */
const LAGGING = `
  select e.organisation_id, e.invoice_id, e.facts_version from enrolment e
  join organisation o on o.id = e.organisation_id
  where (e.planned_version < e.facts_version
         or (e.state = 'open' and o.kind = 'live' and e.next_due_at < now() - interval '${OVERDUE}'))
    and not exists (select from outbox x where x.organisation_id = e.organisation_id
                    and x.workflow_id = 'invoice/' || e.organisation_id || '/' || e.invoice_id)
  order by e.organisation_id, e.id limit ${BATCH}`;

const TELL = `
  with told as (
    insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
    select r.organisation_id, 'invoice/' || r.organisation_id || '/' || r.invoice_id, '${INVOICE_CAMPAIGN}',
           jsonb_build_object('organisationId', r.organisation_id, 'invoiceId', r.invoice_id), r.facts_version
    from jsonb_to_recordset($1) as r(organisation_id uuid, invoice_id uuid, facts_version int)
    on conflict (organisation_id, workflow_id) do nothing
    returning 1
  )
  select count(pg_notify('${OUTBOX_CHANNEL}', '')) from (select from told limit 1) one`;

/**
 * Puts right what a crash or a restored backup left behind: tells workflows that lag behind their facts, and proves,
 * some at a time and round and round, that every open enrolment has one running workflow.
 */
export class Sweep {
  private after = { organisation: NIL, id: NIL };

  constructor(private readonly deps: SweepDeps) {}

  /** @returns null when another replica is sweeping */
  async run(): Promise<SweepResult | null> {
    return withSystem(this.deps.system, async (manager) => {
      const [lock] = await manager.query<{ locked: boolean }[]>(
        'select pg_try_advisory_xact_lock($1) as locked',
        [SWEEP_LOCK],
      );
      if (!lock?.locked) return null;
      const lagging = await manager.query<EnrolmentRow[]>(LAGGING);
      await tell(manager, lagging);
      const { proved, lost } = await this.prove(manager);
      await tell(manager, lost);
      const forgotten = await forget(manager);
      return { retold: lagging.length, restarted: lost.length, proved, forgotten };
    });
  }

  private async prove(manager: EntityManager): Promise<{ proved: number; lost: EnrolmentRow[] }> {
    const rows = await manager.query<(EnrolmentRow & { id: string })[]>(
      `select organisation_id, id, invoice_id, facts_version from enrolment
       where state = 'open' and (organisation_id, id) > ($1::uuid, $2::uuid) order by organisation_id, id limit ${PROVED}`,
      [this.after.organisation, this.after.id],
    );
    const last = rows.length < PROVED ? undefined : rows.at(-1);
    this.after = last ? { organisation: last.organisation_id, id: last.id } : { organisation: NIL, id: NIL };
    const running = await Promise.all(rows.map((row) => this.isRunning(row)));
    return { proved: rows.length, lost: rows.filter((_, index) => !running[index]) };
  }

  private async isRunning({ organisation_id, invoice_id }: EnrolmentRow): Promise<boolean> {
    const handle = this.deps.temporal.workflow.getHandle(invoiceWorkflowId(organisation_id, invoice_id));
    try {
      return (await handle.describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}

const NIL = '00000000-0000-0000-0000-000000000000';

/** Answers are kept for a day, as the API's documentation says. */
async function forget(manager: EntityManager): Promise<number> {
  // TypeORM answers a DELETE with [rows, count].
  const [, count] = await manager.query<[unknown[], number]>(
    `delete from idempotency_key where recorded_at < now() - interval '1 day'`,
  );
  return count;
}

async function tell(manager: EntityManager, rows: readonly EnrolmentRow[]): Promise<void> {
  if (rows.length > 0) await manager.query(TELL, [JSON.stringify(rows)]);
}
