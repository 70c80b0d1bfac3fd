import { describe, expect, it } from '@jest/globals';
import { loadWorkflowBundle } from '#worker/workflow-bundle.js';

const TWO_MEGABYTES = 2 * 1024 * 1024;
const FOREIGN = [
  'typeorm',
  '@nestjs',
  'pg',
  'zod',
  'date-holidays',
  'twilio',
  '@sendgrid',
  'mjml',
  'liquidjs',
];

describe('the workflow bundle', () => {
  it('is under two megabytes and carries neither framework nor database nor provider', async () => {
    const { code } = await loadWorkflowBundle();
    expect(code.length).toBeGreaterThan(100_000);
    expect(code.length).toBeLessThan(TWO_MEGABYTES);
    expect(code).toContain('node_modules/@temporalio/workflow');
    expect(FOREIGN.filter((name) => code.includes(`node_modules/${name}/`))).toEqual([]);
  }, 60_000);
});
