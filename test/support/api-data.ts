import { randomUUID } from 'node:crypto';
import type { Client } from './api.js';

export const creditorBody = (overrides: object = {}): object => ({
  externalId: 'MAIN',
  name: 'Acme GmbH',
  phone: '+4930123456',
  email: 'billing@acme.example',
  ...overrides,
});

export const customerBody = (overrides: object = {}): object => ({
  externalId: `C-${randomUUID()}`,
  name: 'Sample Ltd',
  ...overrides,
});

export const invoiceBody = (overrides: object = {}): object => ({
  externalId: `INV-${randomUUID()}`,
  customerExternalId: 'C-1',
  total: '100.00',
  currency: 'EUR',
  issuedOn: '2026-01-01',
  dueOn: '2026-01-31',
  ...overrides,
});

export const paymentBody = (overrides: object = {}): object => ({
  externalId: `PAY-${randomUUID()}`,
  customerExternalId: 'C-1',
  amount: '40.00',
  currency: 'EUR',
  ...overrides,
});

const taken = async (client: Client, path: string, body: object): Promise<{ id: string }> => {
  const answer = await client.post<{ id: string }>(path, body);
  if (answer.status === 200) return answer.body;
  throw new Error(`${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
};

/** A creditor MAIN, a customer C-1 and its invoice INV-1 over 100.00 EUR. */
export const loadInvoice = async (client: Client): Promise<{ customerId: string; invoiceId: string }> => {
  await taken(client, '/v1/creditors', creditorBody());
  const customer = await taken(client, '/v1/customers', customerBody({ externalId: 'C-1' }));
  const invoice = await taken(client, '/v1/invoices', invoiceBody({ externalId: 'INV-1' }));
  return { customerId: customer.id, invoiceId: invoice.id };
};
