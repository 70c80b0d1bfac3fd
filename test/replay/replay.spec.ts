import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { quietRuntime, readable } from '#test/support/temporal.js';
import { loadWorkflowBundle } from '#worker/workflow-bundle.js';

const folder = join(import.meta.dirname, '../../workflows/histories');
const recorded = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

let workflowBundle: { code: string };

beforeAll(async () => {
  quietRuntime();
  workflowBundle = await loadWorkflowBundle();
}, 60_000);

const replay = async (history: string): Promise<void> => {
  await Worker.runReplayHistory(
    { workflowBundle },
    JSON.parse(history) as unknown,
    'invoice/recorded/recorded',
  );
};

describe('recorded histories', () => {
  it('are there', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(4);
  });

  it.each(recorded)(
    '%s replays on the workflow code of today',
    async (name) => {
      await replay(read(name));
    },
    30_000,
  );

  it('show a start, a wait, a signal, steps, a fresh history and an end', () => {
    const all = recorded.map(read).join('\n');
    const kinds = [
      'TIMER_STARTED',
      'TIMER_CANCELED',
      'SIGNALED',
      'ACTIVITY_TASK_COMPLETED',
      'MARKER_RECORDED',
    ];
    const ends = ['CONTINUED_AS_NEW', 'EXECUTION_COMPLETED'];
    expect([...kinds, ...ends].filter((kind) => !all.includes(kind))).toEqual([]);
  });

  it('hold ids and instants, and nothing of anybody', () => {
    for (const name of recorded) {
      const text = readable(JSON.parse(read(name)) as never);
      expect(text).toContain('organisationId');
      expect(/@example|Sample|\+44/.exec(text)).toBeNull();
    }
  });

  it('would not replay on code that waits where the recorded one acted', async () => {
    const name = recorded.find((each) => each.includes('paid')) ?? '';
    const history = JSON.parse(read(name)) as { events: { eventType: string }[] };
    const index = history.events.findIndex(({ eventType }) => eventType.includes('TIMER_STARTED'));
    expect(index).toBeGreaterThan(0);
    const without = { events: history.events.filter((_, at) => at !== index) };
    await expect(replay(JSON.stringify(without))).rejects.toThrow();
  }, 30_000);

  it('would not replay on code that does something else', async () => {
    const name = recorded.find((each) => each.includes('steps')) ?? '';
    const foreign = read(name).replaceAll('"executeStep"', '"somethingElse"');
    expect(foreign).not.toBe(read(name));
    await expect(replay(foreign)).rejects.toThrow();
  }, 30_000);
});
