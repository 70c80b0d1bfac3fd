import type { Client } from '@temporalio/client';
import type { DataSource, EntityManager } from 'typeorm';
import { invoiceWorkflowId, reconcileWorkflowId, webhookWorkflowId } from '#contracts/engine.js';
import { withSystem } from '#store/with-organisation.js';
import {
  FORGET,
  LAGGING,
  LAGGING_LIMIT,
  OPEN,
  PROVED_LIMIT,
  STILL_LAGGING,
  TELL_ENROLMENTS,
  TELL_UNKNOWN,
  TELL_WAITING,
  UNKNOWN,
  UNKNOWN_LIMIT,
  WAITING,
  WAITING_LIMIT,
} from './sweep-sql.js';
import { endRun, readWorkflowState, type WorkflowState } from './workflow-state.js';

/** One replica at a time takes candidates: any number that nothing else locks. */
const SWEEP_LOCK = 1_764_000_100;
/** Workflows looked up at once. */
const CONCURRENT = 50;

export interface SweepDeps {
  /** Of the role `system`. */
  system: DataSource;
  temporal: Client;
  /** Waits before each look at what became of an unknown message; `LOOKS_MS` unless given. */
  looksMs?: readonly number[];
}

export interface SweepResult {
  /** Enrolments whose workflow did not follow their facts, told again. */
  retold: number;
  /** Open enrolments that had no running workflow, started again. */
  restarted: number;
  /** Subjects with waiting webhook deliveries that no workflow delivered, started again. */
  redelivered: number;
  /** Messages that may have gone out and that no workflow looked for, started again. */
  sought: number;
  /** Workflows of open enrolments looked up. */
  proved: number;
  /** Workflows that Temporal did not answer for; their turn comes again. */
  unanswered: number;
  /** Stored answers to repeated requests, too old to be asked for. */
  forgotten: number;
}

interface EnrolmentRow {
  organisation_id: string;
  id: string;
  invoice_id: string;
  facts_version: number;
}

interface WaitingRow {
  organisation_id: string;
  endpoint_id: string;
  subject_id: string;
}

interface UnknownRow {
  organisation_id: string;
  id: string;
}

interface Candidates {
  lagging: EnrolmentRow[];
  open: EnrolmentRow[];
  waiting: WaitingRow[];
  unknown: UnknownRow[];
}

type Seen<Row> = { row: Row; state: WorkflowState };

/**
 * Puts right what a crash or a restored backup left behind: tells workflows that lag behind their facts, and proves,
 * some at a time and round and round, that every open enrolment, every waiting delivery and every message that may have gone
 * out has one running workflow.
 * No transaction is open while it asks Temporal.
 */
export class Sweep {
  private readonly rounds = {
    lagging: new Round<EnrolmentRow>(LAGGING, LAGGING_LIMIT, 2, enrolmentKey),
    open: new Round<EnrolmentRow>(OPEN, PROVED_LIMIT, 2, enrolmentKey),
    waiting: new Round<WaitingRow>(WAITING, WAITING_LIMIT, 3, waitingKey),
    unknown: new Round<UnknownRow>(UNKNOWN, UNKNOWN_LIMIT, 2, unknownKey),
  };

  constructor(private readonly deps: SweepDeps) {}

  /** @returns null when another replica is sweeping */
  async run(): Promise<SweepResult | null> {
    const candidates = await withSystem(this.deps.system, (manager) => this.take(manager));
    if (!candidates) return null;
    const lagging = await this.look(candidates.lagging, enrolmentWorkflow);
    const open = await this.look(candidates.open, enrolmentWorkflow);
    const waiting = await this.look(candidates.waiting, waitingWorkflow);
    const unknown = await this.look(candidates.unknown, unknownWorkflow);
    const behind = [...gone(lagging), ...(await this.endDeaf(lagging))];
    await this.tell(TELL_ENROLMENTS, behind);
    await this.tell(TELL_ENROLMENTS, gone(open));
    await this.tell(TELL_WAITING, gone(waiting));
    const { looksMs } = this.deps;
    await this.tell(
      TELL_UNKNOWN,
      gone(unknown).map((row) => ({ ...row, looksMs })),
    );
    return {
      retold: behind.length,
      restarted: gone(open).length,
      redelivered: gone(waiting).length,
      sought: gone(unknown).length,
      proved: open.length,
      unanswered: [...lagging, ...open, ...waiting, ...unknown].filter(
        ({ state }) => state.kind === 'unanswered',
      ).length,
      forgotten: await withSystem(this.deps.system, forget),
    };
  }

  private async take(manager: EntityManager): Promise<Candidates | null> {
    const [lock] = await manager.query<{ locked: boolean }[]>(
      'select pg_try_advisory_xact_lock($1) as locked',
      [SWEEP_LOCK],
    );
    if (!lock?.locked) return null;
    const { lagging, open, waiting, unknown } = this.rounds;
    return {
      lagging: await lagging.next(manager),
      open: await open.next(manager),
      waiting: await waiting.next(manager),
      unknown: await unknown.next(manager),
    };
  }

  private async look<Row>(rows: readonly Row[], workflowId: (row: Row) => string): Promise<Seen<Row>[]> {
    return concurrently(rows, async (row) => ({
      row,
      state: await readWorkflowState(this.deps.temporal, workflowId(row)),
    }));
  }

  /**
   * A workflow that has taken in every signal and yet has not planned from the latest facts is deaf to them: it heard
   * of higher versions before the database was restored. Only a new run listens again. That is safe while it sends,
   * for the ledger is written first.
   *
   * @returns the enrolments whose workflow it ended
   */
  private async endDeaf(lagging: readonly Seen<EnrolmentRow>[]): Promise<EnrolmentRow[]> {
    const runs = new Map(
      lagging.flatMap(({ row, state }) => (state.kind === 'idle' ? [[row.id, state.runId]] : [])),
    );
    if (runs.size === 0) return [];
    const idle = lagging.map(({ row }) => row).filter(({ id }) => runs.has(id));
    // What was told and planned since the first look is fine; without a look in between it would seem deaf.
    const deaf = await withSystem(this.deps.system, (manager) =>
      manager.query<EnrolmentRow[]>(STILL_LAGGING, [JSON.stringify(idle)]),
    );
    await concurrently(deaf, (row) =>
      endRun(this.deps.temporal, enrolmentWorkflow(row), runs.get(row.id) ?? '', 'does not follow its facts'),
    );
    return deaf;
  }

  private async tell(statement: string, rows: readonly object[]): Promise<void> {
    if (rows.length === 0) return;
    await withSystem(this.deps.system, (manager) => manager.query(statement, [JSON.stringify(rows)]), {
      retry: true,
    });
  }
}

/** Walks a list that is too long for one sweep: each goes on where the last one stopped, and begins anew at its end. */
class Round<Row extends object> {
  private after: readonly string[];

  constructor(
    private readonly statement: string,
    private readonly limit: number,
    private readonly keys: number,
    private readonly keyOf: (row: Row) => readonly string[],
  ) {
    this.after = this.beginning();
  }

  async next(manager: EntityManager): Promise<Row[]> {
    const rows = await manager.query<Row[]>(this.statement, [...this.after]);
    const last = rows.length < this.limit ? undefined : rows.at(-1);
    this.after = last ? this.keyOf(last) : this.beginning();
    return rows;
  }

  private beginning(): string[] {
    return Array.from({ length: this.keys }, () => NIL);
  }
}

const NIL = '00000000-0000-0000-0000-000000000000';

function enrolmentKey({ organisation_id, id }: EnrolmentRow): string[] {
  return [organisation_id, id];
}

function unknownKey({ organisation_id, id }: UnknownRow): string[] {
  return [organisation_id, id];
}

function waitingKey({ organisation_id, endpoint_id, subject_id }: WaitingRow): string[] {
  return [organisation_id, endpoint_id, subject_id];
}

const enrolmentWorkflow = ({ organisation_id, invoice_id }: EnrolmentRow): string =>
  invoiceWorkflowId(organisation_id, invoice_id);

const unknownWorkflow = ({ organisation_id, id }: UnknownRow): string =>
  reconcileWorkflowId(organisation_id, id);

const waitingWorkflow = ({ organisation_id, endpoint_id, subject_id }: WaitingRow): string =>
  webhookWorkflowId(organisation_id, endpoint_id, subject_id);

const gone = <Row>(seen: readonly Seen<Row>[]): Row[] =>
  seen.filter(({ state }) => state.kind === 'gone').map(({ row }) => row);

async function concurrently<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += CONCURRENT)
    results.push(...(await Promise.all(items.slice(start, start + CONCURRENT).map(work))));
  return results;
}

async function forget(manager: EntityManager): Promise<number> {
  // TypeORM answers a DELETE with [rows, count].
  const [, count] = await manager.query<[unknown[], number]>(FORGET);
  return count;
}
