import { loadWorkflowBundle } from '#worker/workflow-bundle.js';

const LIMIT_BYTES = 2_000_000;

/** A value import through a barrel bundles silently; that lint cannot see. */
const FORBIDDEN = [
  '@nestjs',
  'typeorm',
  'zod',
  'pg',
  '@temporalio/client',
  '@temporalio/worker',
  'temporal-polyfill',
  'date-holidays',
  'twilio',
  '@sendgrid',
  'nodemailer',
  'mjml',
  'liquidjs',
];

describe('the workflow bundle', () => {
  it('is small, and has nothing in it but workflows, contracts, domain and the SDK', async () => {
    const { code } = await loadWorkflowBundle();
    expect(Buffer.byteLength(code)).toBeLessThan(LIMIT_BYTES);
    const modules = [...code.matchAll(/^\/\*{3}\/ "([^"]+)"$/gm)].map(([, name]) => name ?? '');
    expect(modules.some((name) => name === './dist/workflows/invoice-campaign.js')).toBe(true);
    expect(modules.some((name) => name.includes('@temporalio/workflow'))).toBe(true);
    for (const name of FORBIDDEN)
      expect(modules.filter((module) => module.includes(`node_modules/${name}/`))).toEqual([]);
    const own = modules.filter((name) => !name.includes('node_modules'));
    const misplaced = own.filter((name) => !/^\.\/dist\/(workflows|libs\/(contracts|domain))\//.test(name));
    expect(misplaced.filter((name) => name.startsWith('./dist/'))).toEqual([]);
  });
});
