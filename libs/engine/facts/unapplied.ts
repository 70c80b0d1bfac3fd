import { formatInstant } from '#domain/instant.js';
import { formatAmount } from '#domain/money.js';
import { queryPrepared, type Prepared } from '#store/prepared.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { unallocatedSql } from './ledger.js';

/** Money that no invoice got and that nobody keeps as credit, as a task names it. */
interface Free {
  kind: 'payment' | 'credit_note';
  externalId: string;
  currency: string;
  /** Minor units. */
  amount: number;
}

interface CustomerRow {
  id: string;
  /** Currencies that the planner was told of. */
  unapplied: string[];
  free: Free[] | null;
  /** Currencies in which invoices are open. */
  owed: string[];
  managerExternalId: string | null;
  task: { id: string; brief: object } | null;
}

const READ: Prepared = {
  name: 'unapplied-of-customers',
  text: `
    select c.id, c.unapplied, f.free,
      array(select distinct i.currency::text from invoice i
        where i.organisation_id = $1 and i.customer_id = c.id and i.status = 'open') as owed,
      (select m.external_id from account_manager m
        where m.organisation_id = $1 and m.id = c.account_manager_id) as "managerExternalId",
      (select json_build_object('id', k.id, 'brief', k.brief) from task k
        where k.organisation_id = $1 and k.customer_id = c.id and k.kind = 'allocate' and k.state = 'open') as task
    from customer c, lateral (
      select json_agg(json_build_object('kind', m.kind, 'externalId', m.external_id, 'currency', m.currency,
        'amount', m.free) order by m.effective_at, m.external_id) as free
      from (
        select 'payment' as kind, y.external_id, y.currency, y.effective_at, ${unallocatedSql('y', 'payment_id')} as free
          from payment y where y.organisation_id = $1 and y.customer_id = c.id and y.status <> 'reversed'
            and y.kept_at is null
        union all
        select 'credit_note', n.external_id, n.currency, n.effective_at, ${unallocatedSql('n', 'credit_note_id')}
          from credit_note n where n.organisation_id = $1 and n.customer_id = c.id and n.kept_at is null) m
      where m.free > 0) f
    where c.organisation_id = $1 and c.id = any ($2::uuid[])
    order by c.id`,
};

/**
 * Brings in line with the money of customers what holds their outreach back, and the one task a customer to say what it is
 * for: opened when money waits beside open invoices of its currency, closed by itself when it does not any more. Call it
 * after every change of payments, credit notes, allocations and of which invoices are open, under the customers' locks.
 *
 * @returns customers for whom it changed in which currencies money waits: all of their outreach has to be planned anew
 */
export async function followUnapplied(scope: Scope, customerIds: readonly string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const rows = await queryPrepared<CustomerRow>(scope.manager, READ, [scope.organisationId, customerIds]);
  const changed: string[] = [];
  for (const row of rows) {
    if (await storeCurrencies(scope, row)) changed.push(row.id);
    await followTask(scope, row);
  }
  return changed;
}

async function storeCurrencies(scope: Scope, { id, unapplied, free }: CustomerRow): Promise<boolean> {
  const now = [...new Set((free ?? []).map(({ currency }) => currency))].sort();
  if (now.join() === unapplied.join()) return false;
  await scope.manager.query('update customer set unapplied = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    id,
    now,
  ]);
  return true;
}

async function followTask(scope: Scope, row: CustomerRow): Promise<void> {
  const waiting = (row.free ?? []).filter(({ currency }) => row.owed.includes(currency));
  const brief = { unallocated: waiting.map(words) };
  if (waiting.length === 0) return row.task ? closeTask(scope, row.id, row.task.id) : undefined;
  if (!row.task) return openTask(scope, row, brief);
  if (JSON.stringify(row.task.brief) === JSON.stringify(brief)) return;
  await scope.manager.query('update task set brief = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    row.task.id,
    JSON.stringify(brief),
  ]);
}

/** Keys in the order in which the database keeps them, so that two briefs can be compared. */
const words = ({ kind, externalId, amount, currency }: Free): object => ({
  kind,
  amount: formatAmount(amount, currency),
  currency,
  externalId,
});

async function openTask(scope: Scope, row: CustomerRow, brief: object): Promise<void> {
  const [task] = await scope.manager.query<{ id: string }[]>(
    `insert into task (organisation_id, kind, customer_id, assignee, due_at, brief)
     values ($1, 'allocate', $2, $3, $4, $5) returning id`,
    [scope.organisationId, row.id, row.managerExternalId, new Date(scope.now), JSON.stringify(brief)],
  );
  if (!task) throw new Error(`The task to allocate money of customer ${row.id} was not stored.`);
  const data = { taskId: task.id, kind: 'allocate', dueAt: formatInstant(scope.now) };
  await emit(scope, { type: 'task.created', subjectId: row.id, data });
}

async function closeTask(scope: Scope, customerId: string, id: string): Promise<void> {
  await scope.manager.query(
    `update task set state = 'done', outcome = 'allocated', completed_by = $3, completed_at = $4
     where organisation_id = $1 and id = $2`,
    [scope.organisationId, id, scope.actor, new Date(scope.now)],
  );
  const data = { taskId: id, outcome: 'allocated' };
  await emit(scope, { type: 'task.completed', subjectId: customerId, data });
}
