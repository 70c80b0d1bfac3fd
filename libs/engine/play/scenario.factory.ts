import type { CustomerInput } from '#contracts/schemas/customer.js';
import type { InvoiceInput } from '#contracts/schemas/invoice.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { campaignOf, dueStep } from '#domain/facts.factory.js';
import { weekendCalendar } from '#domain/working-days.js';
import { toLedgerLine } from './decision-record.js';
import type { Scenario, ScenarioInvoice } from './scenario.js';
import { simulate, type Simulation } from './simulate.js';

/** Test data for specs of `play` and `simulate`. */

export const customerOf = (overrides: Partial<CustomerInput> = {}): CustomerInput => ({
  externalId: 'C1',
  name: 'Sample Ltd',
  zone: 'Europe/Berlin',
  email: 'accounts@example.test',
  phone: '+447700900000',
  ...overrides,
});

/** 100.00 EUR due on 31 March 2026, never paid unless told when. */
export const scenarioInvoiceOf = (
  overrides: Partial<InvoiceInput> = {},
  paidOn: string | null = null,
  amount?: string,
): ScenarioInvoice => {
  const input = {
    externalId: 'I1',
    customerExternalId: 'C1',
    total: '100.00',
    currency: 'EUR',
    issuedOn: '2026-03-01',
    dueOn: '2026-03-31',
    ...overrides,
  };
  return { input, settlement: paidOn === null ? null : { paidOn, amount: amount ?? input.total } };
};

export const scenarioOf = (overrides: Partial<Scenario> = {}): Scenario => ({
  document: campaignOf([dueStep('soon', '-P3D'), dueStep('overdue', 'P1D'), dueStep('final', 'P14D')]),
  customers: [customerOf()],
  invoices: [scenarioInvoiceOf()],
  zone: 'UTC',
  answers: new Map(),
  ...overrides,
});

export const run = (scenario: Scenario): Promise<Simulation> => simulate(scenario, weekendCalendar);

/** Report and ledger as the commands print them. */
export const printed = ({ report, records }: Simulation): string =>
  [report, ...records.map(toLedgerLine)].map((line) => JSON.stringify(line)).join('\n');

/** Steps so many days from the due date, at a local time. */
export const ladderOf = (days: readonly number[], time = '10:00'): CampaignDocument =>
  campaignOf(
    days.map((each, i) => {
      const offset = `${each < 0 ? '-' : ''}P${Math.abs(each)}D`;
      return dueStep(`s${i}`, offset, { at: { anchor: 'due_date', offset, time } });
    }),
  );
