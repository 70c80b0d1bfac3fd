import type { CallInput, Refused, Written } from '#contracts/schemas/index.js';
import { type Instant, parseInstant } from '#domain/instant.js';
import { lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { refused } from './refusal.js';
import { type Target, targetOf } from './target.js';
import { completeTask } from './tasks.js';

/**
 * Records a call that no task asked for, as a task that is done: it counts to contact policies from when it was made,
 * and what came of it has the effects that it has at a task. The result is the task's.
 */
export async function recordCall(scope: Scope, input: CallInput): Promise<Written | Refused> {
  const target = await targetOf(scope, input);
  if ('result' in target) return target;
  await lockCustomer(scope, target.customerId);
  const at = input.at === undefined ? scope.now : parseInstant(input.at);
  if (at > scope.now)
    return refused(
      target.externalId,
      'in_the_future',
      'at',
      'is still to come; write when the call was made',
    );
  const done = await completeTask(scope, await insertCall(scope, target, at), input.outcome, at);
  return done.result === 'refused' ? done : { ...done, result: 'created' };
}

async function insertCall(
  { manager, organisationId, actor }: Scope,
  { customerId, invoiceId }: Target,
  at: Instant,
): Promise<string> {
  const [row] = await manager.query<{ id: string }[]>(
    `insert into task (organisation_id, kind, customer_id, invoice_id, assignee, due_at)
     values ($1, 'call', $2, $3, $4, $5) returning id`,
    [organisationId, customerId, invoiceId, actor, new Date(at)],
  );
  if (!row) throw new Error(`A call to customer ${customerId} was not stored.`);
  return row.id;
}
