import type { TaskResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage, type Page } from '../common/pagination.js';
import { idOf, notFound, optionalIdOf } from '../common/reference.js';
import type { TaskQuery } from './tasks.schemas.js';

type Moments = 'dueAt' | 'waitUntil' | 'completedAt' | 'recordedAt';
type Row = Omit<TaskResource, Moments> & {
  dueAt: Date;
  waitUntil: Date | null;
  completedAt: Date | null;
  recordedAt: Date;
};

const COLUMNS = `k.id, k.kind, k.customer_id as "customerId", c.external_id as "customerExternalId",
  i.external_id as "invoiceExternalId", k.step_key as "stepKey", k.state, k.assignee, k.due_at as "dueAt",
  k.wait_until as "waitUntil", k.brief, k.outcome, k.outcome_detail as "outcomeDetail", k.completed_by as "completedBy",
  k.completed_at as "completedAt", k.recorded_at as "recordedAt"`;

const FROM = `task k
  join customer c on c.organisation_id = k.organisation_id and c.id = k.customer_id
  left join invoice i on i.organisation_id = k.organisation_id and i.id = k.invoice_id`;

const view = (row: Row): TaskResource => ({
  id: row.id,
  kind: row.kind,
  customerId: row.customerId,
  customerExternalId: row.customerExternalId,
  invoiceExternalId: row.invoiceExternalId,
  stepKey: row.stepKey,
  state: row.state,
  assignee: row.assignee,
  dueAt: instantText(row.dueAt),
  waitUntil: instantTextOrNull(row.waitUntil),
  brief: row.brief,
  outcome: row.outcome,
  outcomeDetail: row.outcomeDetail,
  completedBy: row.completedBy,
  completedAt: instantTextOrNull(row.completedAt),
  recordedAt: instantText(row.recordedAt),
});

/** What is due first comes first. */
export const listTasks = async (scope: Scope, query: TaskQuery): Promise<Page<TaskResource>> =>
  listPage<Row, TaskResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['k.organisation_id = ?', scope.organisationId],
        ['k.state = ?', query.state],
        ['k.kind = ?', query.kind],
        ['k.assignee = ?', query.assignee],
        ['k.due_at < ?::timestamptz', query.dueBefore],
        ['k.customer_id = ?', await optionalIdOf(scope, 'customer', query.customer)],
        ['k.invoice_id = ?', await optionalIdOf(scope, 'invoice', query.invoice)],
      ],
      sort: { by: 'k.due_at', type: 'timestamptz' },
      id: 'k.id',
      view,
    },
    query,
  );

export const getTask = async (scope: Scope, reference: string): Promise<TaskResource> => {
  const [row] = await scope.manager.query<Row[]>(
    `select ${COLUMNS} from ${FROM} where k.organisation_id = $1 and k.id = $2`,
    [scope.organisationId, await idOf(scope, 'task', reference)],
  );
  if (!row) throw notFound('task', reference);
  return view(row);
};
