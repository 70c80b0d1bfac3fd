import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { addDays, localTimeOf } from '#domain/local-time.js';
import type { ScenarioInvoice } from './scenario.js';
import { customerOf, ladderOf, printed, run, scenarioInvoiceOf, scenarioOf } from './scenario.factory.js';

/** The real invoices of 2012 and 2013, read by a few lines that share nothing with the importer. */
const data = (name: string): Record<string, string>[] =>
  parse(readFileSync(new URL(`../../../../shared/data/${name}`, import.meta.url)), { columns: true });

/** 1/29/2013 */
const date = (text = ''): string => {
  const [month = '', day = '', year = ''] = text.split('/');
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
};

const rows = data('ar-invoices.csv').map((row) => ({
  id: row['invoiceNumber'] ?? '',
  customer: row['customerID'] ?? '',
  issuedOn: date(row['InvoiceDate']),
  dueOn: date(row['DueDate']),
  settledOn: date(row['SettledDate']),
  total: Number(row['InvoiceAmount']).toFixed(2),
}));

const customers = data('ar-customers.csv').map((row) =>
  customerOf({
    externalId: row['customer_id'] ?? '',
    zone: row['timezone'],
    email: row['email'] === '' ? undefined : row['email'],
    phone: row['phone'] === '' ? undefined : row['phone'],
  }),
);

const invoices = rows.map(({ id, customer, issuedOn, dueOn, settledOn, total }): ScenarioInvoice => {
  const input = { externalId: id, customerExternalId: customer, issuedOn, dueOn, total, currency: 'USD' };
  return scenarioInvoiceOf(input, settledOn);
});

const simulated = (days: readonly number[], reversed = false) =>
  run(
    scenarioOf({
      customers,
      invoices: reversed ? [...invoices].reverse() : invoices,
      document: ladderOf(days),
    }),
  );

/** Counted from the rows alone: settled on a later day than the step's. */
const openAt = (offset: number): number =>
  rows.filter((row) => addDays(row.dueOn, offset) < row.settledOn).length;

describe('the sample file', () => {
  it('has 1,104, 816 and 196 invoices due at -3, +1 and +14 days, and nothing wrong is done about them', async () => {
    const { report, records } = await simulated([-3, 1, 14]);
    expect(Object.values(report.steps).map(({ due }) => due)).toEqual([1_104, 816, 196]);
    expect(report).toMatchObject({ invoices: 2_466, customers: 100, paid: 2_466, violations: [] });
    const zones = new Map(customers.map(({ externalId, zone }) => [externalId, zone ?? 'UTC']));
    const times = new Set(records.map(({ at, customer }) => localTimeOf(at, zones.get(customer) ?? 'UTC')));
    expect([...times]).toEqual(['10:00']);
  });

  it('agrees with a plain count of its rows for ten random ladders', async () => {
    const ladders = fc.uniqueArray(fc.integer({ min: -29, max: 40 }), { minLength: 1, maxLength: 4 });
    for (const days of fc.sample(ladders, { seed: 12, numRuns: 10 })) {
      const { report } = await simulated(days);
      expect(Object.values(report.steps).map(({ due }) => due)).toEqual(days.map(openAt));
    }
  });

  it('gives the same bytes when its rows are turned round', async () => {
    expect(printed(await simulated([-3, 1, 14], true))).toBe(printed(await simulated([-3, 1, 14])));
  });
});
