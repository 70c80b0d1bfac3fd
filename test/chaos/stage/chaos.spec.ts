import { jest } from '@jest/globals';
import { chaos } from './chaos.js';

jest.setTimeout(10 * 60_000);

it('whatever is killed and fails, nobody is wronged', async () => {
  const { code, report } = await chaos('--seed', '1', '--minutes', '0.75', '--invoices', '200');
  expect(report.violations).toEqual([]);
  expect(code).toBe(0);
  // It was no holiday: without these nothing would have been shown.
  expect(Object.keys(report.kills).length).toBeGreaterThanOrEqual(3);
  expect(Object.keys(report.faults).length).toBeGreaterThanOrEqual(5);
  expect(report.accepts).toBeGreaterThan(200);
  expect(report.receipts.forged).toBeGreaterThan(0);
  expect(report.unknownsResolved).toBeGreaterThan(0);
});

const run = async (how: string): Promise<Set<string>> => {
  const { code, report } = await chaos(
    '--seed',
    '3',
    '--minutes',
    '0.5',
    '--invoices',
    '150',
    '--break',
    how,
  );
  expect(code).toBe(1);
  return new Set(report.violations.map(({ rule }) => rule));
};

/** The test of the test: a product that is wrong is found out. */
it('a ledger row that is written after the call is found out', async () => {
  const rules = await run('ledger-after-call');
  expect([...rules].some((rule) => rule === 'accept_without_row' || rule === 'sent_twice')).toBe(true);
});

it('a message that is sent again blindly is found out', async () => {
  expect(await run('blind-retry')).toContain('accepted_twice');
});
