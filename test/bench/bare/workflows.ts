import { proxyActivities, sleep } from '@temporalio/workflow';

export interface BareInput {
  id: string;
  steps: number;
  waitMs: number;
  activity: 'twoCommits' | 'nothing';
}

interface BareActivities {
  twoCommits(id: string): Promise<void>;
  nothing(id: string): Promise<void>;
}

const activities = proxyActivities<BareActivities>({
  taskQueue: 'bare-activities',
  startToCloseTimeout: '35 seconds',
});

/** What any engine on Temporal costs at least: the same timers, and one activity a step. */
export async function bare({ id, steps, waitMs, activity }: BareInput): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await sleep(waitMs);
    await activities[activity](id);
  }
}
