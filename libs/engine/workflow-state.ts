import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/**
 * `gone`: none runs. `idle`: it waits for a timer or a signal, and has taken in every signal so far.
 * `unanswered`: Temporal did not say.
 */
export type WorkflowState =
  { kind: 'gone' } | { kind: 'busy' } | { kind: 'idle'; runId: string } | { kind: 'unanswered' };

const DEADLINE_MS = 10_000;

export async function readWorkflowState(temporal: Client, workflowId: string): Promise<WorkflowState> {
  try {
    const { status, runId, raw } = await temporal.withDeadline(Date.now() + DEADLINE_MS, () =>
      temporal.workflow.getHandle(workflowId).describe(),
    );
    if (status.name !== 'RUNNING') return { kind: 'gone' };
    const busy = (raw.pendingActivities?.length ?? 0) > 0 || Boolean(raw.pendingWorkflowTask);
    return busy ? { kind: 'busy' } : { kind: 'idle', runId };
  } catch (error) {
    return { kind: error instanceof WorkflowNotFoundError ? 'gone' : 'unanswered' };
  }
}

/** Ends a run, unless it has ended by itself. */
export async function endRun(
  temporal: Client,
  workflowId: string,
  runId: string,
  reason: string,
): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + DEADLINE_MS, () =>
      temporal.workflow.getHandle(workflowId, runId).terminate(reason),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
