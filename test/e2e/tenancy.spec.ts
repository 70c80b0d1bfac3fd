import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '#test/support/api.js';
import type { Client, TestApi } from '#test/support/api.js';
import { creditorBody, customerBody, invoiceBody, loadInvoice, paymentBody } from '#test/support/api-data.js';
import { documentOf, routesOf } from '#test/support/openapi.js';

interface Created {
  id: string;
}

let api: TestApi;
/** Who has the things, and who asks for them. */
let owner: Client;
let intruder: Client;
/** The owner's things, by the part of the path that stands before their id. */
let ids: Record<string, string>;

const made = async (path: string, body: object): Promise<string> => {
  const answer = await owner.post<Created>(path, body);
  expect([200, 201]).toContain(answer.status);
  return answer.body.id;
};

beforeAll(async () => {
  api = await startTestApi();
  const organisation = await api.organisation();
  owner = organisation.admin;
  intruder = (await api.organisation()).admin;
  const { customerId, invoiceId } = await loadInvoice(owner);
  const payments = await made(
    '/v1/payments',
    paymentBody({ externalId: 'PAY-1', invoiceExternalId: 'INV-1' }),
  );
  const { body: allocations } = await owner.get<{ data: Created[] }>('/v1/allocations');
  const { body: creditors } = await owner.get<{ data: Created[] }>('/v1/creditors');
  const credit = { externalId: 'CN-1', customerExternalId: 'C-1', amount: '1.00', currency: 'EUR' };
  ids = {
    organisations: organisation.id,
    customers: customerId,
    invoices: invoiceId,
    payments,
    creditors: creditors.data[0]?.id ?? '',
    allocations: allocations.data[0]?.id ?? '',
    'credit-notes': await made('/v1/credit-notes', credit),
    holds: await made('/v1/holds', { invoiceExternalId: 'INV-1', kind: 'manual' }),
    suppressions: await made('/v1/suppressions', { kind: 'email', value: 'a@example.org', reason: 'asked' }),
    'api-keys': await made('/v1/api-keys', { name: 'N', role: 'viewer' }),
  };
  await made('/v1/events', { invoiceExternalId: 'INV-1', kind: 'invoice_viewed' });
});
afterAll(() => api.close());

const withIds = (path: string): string | undefined => {
  const [, , resource = ''] = path.split('/');
  const id = ids[resource];
  return id === undefined || !path.includes('{id}') ? undefined : path.replace('{id}', id);
};

describe("another organisation's", () => {
  it('things are not there, whatever is read', async () => {
    const found: string[] = [];
    const asked: string[] = [];
    for (const { method, path } of routesOf(await documentOf(api.stranger))) {
      const concrete = method === 'GET' ? withIds(path) : undefined;
      if (concrete === undefined) continue;
      asked.push(path);
      const { status } = await intruder.get(concrete);
      if (status !== 404) found.push(`${path}: ${status}`);
    }
    expect(found).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(9);
  });

  it.each<[string, string, object]>([
    ['PATCH', 'organisations', { name: 'Mine' }],
    ['PUT', 'customers', customerBody({ externalId: 'C-1' })],
    ['PUT', 'creditors', creditorBody()],
    ['PUT', 'invoices', invoiceBody({ externalId: 'INV-1' })],
  ])('things are not changed: %s %s', async (method, resource, body) => {
    const answer = await intruder.send(method, `/v1/${resource}/${ids[resource] ?? ''}`, { body });
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:kindly:problem:not-found' } });
  });

  it.each<[string, string, object | undefined]>([
    ['api-keys', 'revoke', undefined],
    ['api-keys', 'rotate', {}],
    ['payments', 'reverse', { reason: 'mine' }],
    ['payments', 'keep-as-credit', {}],
    ['payments', 'allocate', { allocations: [{ invoiceExternalId: 'INV-1', amount: '1.00' }] }],
    ['allocations', 'reverse', { reason: 'mine' }],
    ['invoices', 'cancel', {}],
    ['invoices', 'write-off', {}],
    ['invoices', 'reinstate', {}],
    ['holds', 'release', {}],
    ['suppressions', 'lift', {}],
  ])('things are not acted on: %s %s', async (resource, action, body) => {
    const answer = await intruder.post(`/v1/${resource}/${ids[resource] ?? ''}/${action}`, body);
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:kindly:problem:not-found' } });
  });

  it('documents are neither written nor read', async () => {
    const path = `/v1/invoices/${ids['invoices'] ?? ''}/document`;
    const sent = { body: Buffer.from('%PDF-1.7'), headers: { 'content-type': 'application/pdf' } };
    expect((await owner.send('PUT', path, sent)).status).toBe(200);
    expect((await intruder.send('PUT', path, sent)).status).toBe(404);
    expect((await intruder.get(path)).status).toBe(404);
  });

  it('external ids are not found, in path, query or body', async () => {
    expect((await intruder.get('/v1/invoices/ext:INV-1')).status).toBe(404);
    expect((await intruder.get('/v1/invoices?customer=ext:C-1')).status).toBe(404);
    expect((await intruder.post('/v1/payments', paymentBody())).status).toBe(404);
    expect((await intruder.post('/v1/holds', { invoiceExternalId: 'INV-1', kind: 'legal' })).status).toBe(
      404,
    );
  });

  it('lists are empty', async () => {
    for (const resource of Object.keys(ids).filter((each) => !['organisations', 'api-keys'].includes(each))) {
      const { body } = await intruder.get<{ data: unknown[] }>(`/v1/${resource}`);
      expect({ resource, data: body.data }).toEqual({ resource, data: [] });
    }
  });

  it('same external ids are things of their own', async () => {
    const third = (await api.organisation()).admin;
    const { invoiceId } = await loadInvoice(third);
    expect(invoiceId).not.toBe(ids['invoices']);
    expect((await third.get('/v1/invoices/ext:INV-1')).status).toBe(200);
  });
});
