import type { ApprovalInput, TaskOutcomeInput, TaskResource } from '#contracts/schemas/index.js';
import { audit } from '#engine/facts/audit.js';
import { completeTask } from '#engine/facts/tasks.js';
import type { Scope } from '#engine/scope.js';
import { Problem } from '../common/problem.js';
import { idOf } from '../common/reference.js';
import { accepted } from '../common/written.js';
import { getTask } from './tasks.queries.js';

export const assignTask = async (
  scope: Scope,
  reference: string,
  assignee: string | null,
): Promise<TaskResource> => {
  const id = await idOf(scope, 'task', reference);
  const [row] = await scope.manager.query<{ state: string }[]>(
    'select state from task where organisation_id = $1 and id = $2 for update',
    [scope.organisationId, id],
  );
  if (row?.state !== 'open')
    throw new Problem('conflict', `The task is ${row?.state}; only an open one can be assigned.`);
  await scope.manager.query('update task set assignee = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    id,
    assignee,
  ]);
  await audit(scope, [{ action: 'task.assigned', subjectType: 'task', subjectId: id, detail: { assignee } }]);
  return getTask(scope, id);
};

export const answerApproval = async (
  scope: Scope,
  reference: string,
  { approved, note }: ApprovalInput,
): Promise<TaskResource> => {
  const outcome = { outcome: approved ? 'approved' : 'declined', ...(note && { note }) } as const;
  const { id } = accepted(await completeTask(scope, await idOf(scope, 'task', reference), outcome));
  return getTask(scope, id);
};

export const recordOutcome = async (
  scope: Scope,
  reference: string,
  outcome: TaskOutcomeInput,
): Promise<TaskResource> => {
  const { id } = accepted(await completeTask(scope, await idOf(scope, 'task', reference), outcome));
  return getTask(scope, id);
};
