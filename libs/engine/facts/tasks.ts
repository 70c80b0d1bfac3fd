import type { Refused, Written } from '#contracts/schemas/index.js';
import type { Instant } from '#domain/instant.js';
import { effectsOf, misfit, type TaskOutcome } from '#domain/task-outcomes.js';
import { taskMachine, transition } from '#domain/transitions.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { audit } from './audit.js';
import { releaseChargeback } from './chargebacks.js';
import { refParameters } from './find.js';
import { releaseReplyHolds } from './holds.js';
import { refused } from './refusal.js';
import { type LoadedTask, loadTask } from './task-context.js';
import { applyEffect, letterFacts } from './task-effects.js';

/**
 * Closes a task with what came of it and carries out what follows: a promise and its hold, a dispute's hold, a wrong
 * number struck out, a call back, a letter. The ladder moves on. `externalId` of the result is the task's id.
 *
 * @param at when it was done; now unless given
 */
export async function completeTask(
  scope: Scope,
  taskId: string,
  input: TaskOutcome,
  at = scope.now,
): Promise<Written | Refused> {
  const task = await lockAndLoad(scope, taskId);
  if (!task) return refused(taskId, 'unknown_task', 'id', 'is no task; correct the id');
  const { id } = task;
  const next = transition(taskMachine, task.state, 'complete');
  if (!next.ok)
    return refused(id, 'wrong_state', 'state', `is ${task.state}; only an open task takes an outcome`);
  if (task.kind === 'allocate') return refused(id, 'wrong_state', 'id', ALLOCATES);
  const unfit = misfit(task.kind, input);
  if (unfit) return refused(id, unfit.reason, unfit.field, unfit.message);
  const planned = effectsOf(input, task.context);
  if (!planned.ok) return refused(id, planned.refusal.reason, planned.refusal.field, planned.refusal.message);
  const facts = letterFacts(task, input);
  // Before a call back takes its place: a step has one open task at a time.
  await close(scope, id, next.to, input, at);
  for (const effect of planned.effects) await applyEffect(scope, task, effect, facts);
  const detail = { outcome: input.outcome };
  await audit(scope, [{ action: 'task.completed', subjectType: 'task', subjectId: id, detail }]);
  const subjectId = task.invoice?.id ?? task.customerId;
  await emit(scope, { type: 'task.completed', subjectId, data: { taskId: id, ...detail } });
  if (task.kind === 'reply') await releaseReplyHolds(scope, task.customerId);
  if (task.kind === 'chargeback') await releaseChargeback(scope, task.customerId, task.brief);
  // A wrong number is wrong for all that the customer owes, and a reply or a charge-back paused more than one invoice.
  const isWide = task.kind === 'reply' || task.kind === 'chargeback' || input.outcome === 'wrong_number';
  const invoiceIds = task.invoice && !isWide ? [task.invoice.id] : undefined;
  await announceFacts(scope, { customerId: task.customerId, invoiceIds });
  return { id, externalId: id, result: 'updated' };
}

const ALLOCATES = 'closes by itself; allocate the money, take it back, or keep it as credit';

async function lockAndLoad(scope: Scope, taskId: string): Promise<LoadedTask | null> {
  const [uuid] = refParameters({ id: taskId });
  const [row] = await scope.manager.query<{ customer_id: string }[]>(
    'select customer_id from task where organisation_id = $1 and id = $2',
    [scope.organisationId, uuid],
  );
  if (!row || uuid === null) return null;
  await lockCustomer(scope, row.customer_id);
  return loadTask(scope, uuid);
}

async function close(
  scope: Scope,
  id: string,
  state: string,
  input: TaskOutcome,
  at: Instant,
): Promise<void> {
  const { outcome, ...detail } = input;
  await scope.manager.query(
    `update task set state = $3, outcome = $4, outcome_detail = $5, completed_by = $6, completed_at = $7
     where organisation_id = $1 and id = $2`,
    [scope.organisationId, id, state, outcome, JSON.stringify(detail), scope.actor, new Date(at)],
  );
}
