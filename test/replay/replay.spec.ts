import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { quietRuntime } from '#test/support/temporal.js';
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

  it('would not replay on code that does something else', async () => {
    const name = recorded.find((each) => each.includes('steps')) ?? '';
    const foreign = read(name).replaceAll('"executeStep"', '"somethingElse"');
    expect(foreign).not.toBe(read(name));
    await expect(replay(foreign)).rejects.toThrow();
  }, 30_000);
});
