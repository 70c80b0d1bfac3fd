import type { TaskKind } from '#domain/task.js';
import type { TaskContext } from '#domain/task-outcomes.js';
import type { Medium } from '#domain/medium.js';
import type { TaskState } from '#domain/transitions.js';
import { KEEPING } from '../enrolment-sql.js';
import type { Scope } from '../scope.js';
import { disputedSql, INVOICE_LEDGER, type InvoiceLedger, openOf } from './ledger.js';

/** A task with what its outcome depends on, read under the customer's lock. */
export interface LoadedTask {
  id: string;
  kind: TaskKind;
  state: TaskState;
  outcome: string | null;
  customerId: string;
  invoice: InvoiceLedger | null;
  /** The task's own, or else the latest of its invoice. */
  enrolmentId: string | null;
  stepKey: string | null;
  occurrence: number | null;
  assignee: string | null;
  brief: Record<string, unknown>;
  context: TaskContext;
}

interface Row extends Omit<LoadedTask, 'context'> {
  zone: string;
  promises: TaskContext['promises'] | null;
  disputed: number;
  preferred: Medium | null;
  dueAt: Date;
  waitUntil: Date | null;
}

export async function loadTask(scope: Scope, id: string): Promise<LoadedTask | null> {
  const [row] = await scope.manager.query<Row[]>(
    `select t.id, t.kind, t.state, t.outcome, t.customer_id as "customerId", t.step_key as "stepKey", t.occurrence,
       t.assignee, t.brief, c.zone, c.preferred_medium as preferred, t.due_at as "dueAt", t.wait_until as "waitUntil",
       coalesce(t.enrolment_id, (select e.id from enrolment e
         where e.organisation_id = t.organisation_id and e.invoice_id = t.invoice_id
         order by (e.state = 'open') desc, e.recorded_at desc, e.id desc limit 1)) as "enrolmentId",
       (select json_agg(json_build_object('amount', r.amount_minor, 'paid', ${KEEPING}) order by r.sequence)
         from promise r where r.organisation_id = t.organisation_id and r.invoice_id = t.invoice_id) as promises,
       (select ${INVOICE_LEDGER} from invoice i
         where i.organisation_id = t.organisation_id and i.id = t.invoice_id) as invoice,
       ${disputedSql('t.invoice_id', '$3')} as disputed
     from task t join customer c on c.organisation_id = t.organisation_id and c.id = t.customer_id
     where t.organisation_id = $1 and t.id = $2`,
    [scope.organisationId, id, new Date(scope.now)],
  );
  return row ? { ...row, context: contextOf(scope, row) } : null;
}

const contextOf = (
  scope: Scope,
  { zone, promises, invoice, disputed, enrolmentId, preferred, dueAt, waitUntil, brief }: Row,
): TaskContext => ({
  now: scope.now,
  zone,
  owed: invoice && { minor: openOf(invoice), currency: invoice.currency, disputed: Number(disputed) },
  promises: promises ?? [],
  enrolled: invoice !== null && enrolmentId !== null,
  preferred,
  dueAt: dueAt.getTime(),
  waitUntil: waitUntil?.getTime() ?? null,
  pointId: typeof brief['point'] === 'string' ? brief['point'] : null,
});
