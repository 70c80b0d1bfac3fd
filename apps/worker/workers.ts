import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { WorkerConfig } from '#config/config.js';
import {
  ENGINE_QUEUE,
  RECONCILE_QUEUE,
  type ReconcileActivities,
  type EngineActivities,
  SEND_QUEUES,
  WEBHOOK_QUEUE,
  type WebhookActivities,
} from '#contracts/engine.js';
import type { Logger } from '#observability/logger.js';
import { failureCodes } from './failure-codes.js';
import { loadWorkflowBundle } from './workflow-bundle.js';

export interface WorkersDeps {
  connection: NativeConnection;
  namespace: string;
  activities: EngineActivities & WebhookActivities & ReconcileActivities;
  limits: WorkerConfig;
  logger: Logger;
  /** The compiled workflow code unless given. */
  workflowBundle?: { code: string };
}

/** How long a running activity may go on after SIGTERM: longer than a call to a provider may take. */
const SHUTDOWN_GRACE = '40s';

/**
 * As many as the backlog asks for. Of a fixed number all but a fifth are kept for workflows that this worker has in its
 * cache, so that a backlog of new ones waits for two polls at a time.
 */
const POLLERS = { type: 'autoscaling', minimum: 5, initial: 20, maximum: 40 } as const;

/** Of all workers together, so that thousands of messages after an outage neither trip a provider's limit nor the database. */
const RECONCILED_PER_SECOND = 10;

/**
 * One Temporal worker a task queue: the engine's own (workflows, planning, tasks), one a class of channel one for
 * webhooks, and one that looks for messages that may have gone out, so that a slow provider delays only its own messages.
 */
export async function createWorkers(deps: WorkersDeps): Promise<Worker[]> {
  const { connection, namespace, activities, limits, logger } = deps;
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    activities: { ...activities },
    interceptors: { activity: [failureCodes(logger)] },
    shutdownGraceTime: SHUTDOWN_GRACE,
    maxConcurrentActivityTaskExecutions: limits.maxConcurrentActivities,
  };
  const workflowBundle = deps.workflowBundle ?? (await loadWorkflowBundle());
  const engine = Worker.create({
    ...common,
    taskQueue: ENGINE_QUEUE,
    workflowBundle,
    maxConcurrentWorkflowTaskExecutions: limits.maxConcurrentWorkflowTasks,
    maxCachedWorkflows: limits.maxCachedWorkflows,
    workflowTaskPollerBehavior: POLLERS,
  });
  const senders = [...SEND_QUEUES, WEBHOOK_QUEUE].map((taskQueue) => {
    const maxTaskQueueActivitiesPerSecond = limits.queueRates[taskQueue];
    return Worker.create({ ...common, taskQueue, maxTaskQueueActivitiesPerSecond });
  });
  const reconciler = Worker.create({
    ...common,
    taskQueue: RECONCILE_QUEUE,
    maxTaskQueueActivitiesPerSecond: RECONCILED_PER_SECOND,
  });
  return Promise.all([engine, ...senders, reconciler]);
}
