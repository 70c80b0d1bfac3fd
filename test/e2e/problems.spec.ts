import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { startTestApi } from '#test/support/api.js';
import type { Answer, Client, TestApi } from '#test/support/api.js';
import { invoiceBody, loadInvoice, paymentBody } from '#test/support/api-data.js';

interface Body {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  remedy: string;
  requestId: string;
  errors?: { path: string; message: string }[];
}

const UUID = '0198c1d2-6f7e-7c3a-9d52-1f2a3b4c5d6e';

let api: TestApi;
let client: Client;

beforeAll(async () => {
  api = await startTestApi();
  ({ admin: client } = await api.organisation());
  await loadInvoice(client);
});
afterAll(() => api.close());

const expectProblem = (answer: Answer<unknown>, status: number, kind: string): Body => {
  const body = answer.body as Body;
  expect(answer).toMatchObject({ status, body: { type: `urn:kindly:problem:${kind}`, status } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body.requestId).toBe(answer.headers.get('x-request-id'));
  for (const text of [body.title, body.detail, body.remedy, body.instance]) expect(text).toMatch(/\S/);
  return body;
};

describe('a bad body', () => {
  it.each([
    [{ issuedOn: '2026-02-30' }, 'issuedOn', /no date/],
    [{ dueOn: '31.01.2026' }, 'dueOn', /no date/],
    [{ total: '-5.00' }, 'total', /negative/],
    [{ total: 100 }, 'total', /decimal text/],
    [{ currency: 'EURO' }, 'currency', /ISO 4217/],
    [{ parts: 'all' }, 'parts', /./],
    [
      {
        parts: [
          { amount: '60.00', dueOn: '2026-01-31' },
          { amount: 'x', dueOn: '2026-02-31' },
        ],
      },
      'parts[1].dueOn',
      /no date/,
    ],
    [{ totl: '1.00' }, 'totl', /unknown property/],
  ])('names the path and what to write: %j', async (wrong, path, message) => {
    const body = expectProblem(await client.post('/v1/invoices', invoiceBody(wrong)), 400, 'invalid-request');
    expect(body.errors).toContainEqual({ path, message: expect.stringMatching(message) });
    expect(body.instance).toBe('/v1/invoices');
  });

  it.each([['[]'], ['"text"'], ['null'], ['7']])('of the wrong type is refused: %s', async (body) => {
    const sent = { body, headers: { 'content-type': 'application/json' } };
    expectProblem(await client.send('POST', '/v1/invoices', sent), 400, 'invalid-request');
  });

  it('that is no JSON is refused', async () => {
    const sent = { body: '{"externalId": ', headers: { 'content-type': 'application/json' } };
    const { detail } = expectProblem(await client.send('POST', '/v1/invoices', sent), 400, 'malformed-body');
    expect(detail).not.toMatch(/position|Unexpected/);
  });

  it('that is missing is refused', async () => {
    expectProblem(await client.post('/v1/invoices'), 400, 'invalid-request');
  });

  it.each(['text/csv', 'application/x-www-form-urlencoded', 'text/plain'])(
    'as %s is refused',
    async (type) => {
      const sent = { body: 'externalId=1', headers: { 'content-type': type } };
      expectProblem(await client.send('POST', '/v1/invoices', sent), 415, 'unsupported-media-type');
    },
  );

  it('over a megabyte is refused, compressed or not', async () => {
    const large = JSON.stringify(invoiceBody({ number: 'x'.repeat(1_100_000) }));
    const headers = { 'content-type': 'application/json' };
    expectProblem(await client.send('POST', '/v1/invoices', { body: large, headers }), 413, 'too-large');
    const gzip = { body: gzipSync(large), headers: { ...headers, 'content-encoding': 'gzip' } };
    expectProblem(await client.send('POST', '/v1/invoices', gzip), 413, 'too-large');
  });

  it('that does not match its encoding is refused', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expectProblem(
      await client.send('POST', '/v1/invoices', { body: 'plain', headers }),
      400,
      'malformed-body',
    );
    const unknown = { body: '{}', headers: { ...headers, 'content-encoding': 'zip' } };
    expectProblem(await client.send('POST', '/v1/invoices', unknown), 415, 'unsupported-media-type');
  });

  it('keeps nothing of a prototype', async () => {
    const sent = {
      body: '{"__proto__": {"externalId": "X"}, "name": "N"}',
      headers: { 'content-type': 'application/json' },
    };
    expectProblem(await client.send('POST', '/v1/customers', sent), 400, 'invalid-request');
  });
});

describe('an unknown thing', () => {
  it.each([
    `/v1/invoices/${UUID}`,
    '/v1/invoices/ext:NONE',
    '/v1/invoices/INV-1',
    '/v1/payments/ext:NONE',
    `/v1/holds/${UUID}`,
  ])('is not found: %s', async (path) => {
    const { detail } = expectProblem(await client.get(path), 404, 'not-found');
    expect(detail).toMatch(/^There is no (invoice|payment|hold)/);
  });

  it('in a body is not found either, and named', async () => {
    const answer = await client.post('/v1/invoices', invoiceBody({ customerExternalId: 'C-NONE' }));
    const body = expectProblem(answer, 404, 'not-found');
    expect(body.errors).toEqual([
      { path: 'customerExternalId', message: expect.stringMatching(/no customer/) },
    ]);
  });

  it.each([
    ['GET', '/v1/nothing'],
    ['GET', '/nothing'],
    ['DELETE', '/v1/invoices/ext:INV-1'],
    ['GET', '/v2/invoices'],
  ])('as a route is told: %s %s', async (method, path) => {
    expectProblem(await client.send(method, path), 404, 'unknown-route');
  });

  it('with a broken percent escape is refused', async () => {
    expectProblem(await client.get('/v1/invoices/%E0%A4%A'), 400, 'invalid-request');
  });

  it('with a NUL character is refused', async () => {
    expectProblem(await client.get('/v1/customers?search=a%00b'), 400, 'invalid-request');
    expectProblem(await client.get('/v1/customers/ext:a%00b'), 400, 'invalid-request');
  });
});

describe('a bad query', () => {
  it.each([
    ['limit=0', 'limit'],
    ['limit=abc', 'limit'],
    ['limit=201', 'limit'],
    ['after=nonsense', 'after'],
    ['after=WyJhIiwiYiIsImMiXQ', 'after'],
    ['overdue=maybe', 'overdue'],
    ['status=lost', 'status'],
    ['dueFrom=2026-13-01', 'dueFrom'],
    ['color=red', 'color'],
  ])('names its parameter: %s', async (query, path) => {
    const body = expectProblem(await client.get(`/v1/invoices?${query}`), 400, 'invalid-request');
    expect(body.errors?.map((error) => error.path)).toContain(path);
  });

  it('does not take the cursor of another list', async () => {
    await client.post('/v1/customers', { externalId: 'C-2', name: 'Two' });
    const page = await client.get<{ next: string }>('/v1/customers?limit=1');
    expectProblem(await client.get(`/v1/invoices?after=${page.body.next}`), 400, 'invalid-request');
  });
});

describe('a conflict', () => {
  it('with the state of a thing is told with what to do', async () => {
    await client.post('/v1/invoices', invoiceBody({ externalId: 'INV-DEAD' }));
    await client.post('/v1/invoices/ext:INV-DEAD/cancel', { reason: 'wrong' });
    const answer = await client.post('/v1/invoices/ext:INV-DEAD/write-off', {});
    expectProblem(answer, 409, 'conflict');
  });

  it('between path and body of a PUT is told', async () => {
    const answer = await client.put('/v1/customers/ext:C-1', { externalId: 'C-9', name: 'Nine' });
    expect(expectProblem(answer, 400, 'invalid-request').errors).toEqual([
      { path: 'externalId', message: expect.stringMatching(/not the one of the path/) },
    ]);
  });

  it('leaves nothing behind', async () => {
    const tooMuch = paymentBody({
      allocations: [
        { invoiceExternalId: 'INV-1', amount: '39.00' },
        { invoiceExternalId: 'NONE', amount: '1.00' },
      ],
    });
    const answer = await client.post<{ status: number }>('/v1/payments', tooMuch);
    expect(answer.status).toBe(404);
    const { body } = await client.get<{ data: unknown[] }>('/v1/payments?customer=ext:C-1');
    expect(body.data).toEqual([]);
  });
});

describe('a request', () => {
  it('keeps the id that the client gave it, if it is a sound one', async () => {
    const given = await client.send('GET', '/v1/nothing', { headers: { 'x-request-id': 'abc-123' } });
    expect(given.headers.get('x-request-id')).toBe('abc-123');
    const unsound = await client.send('GET', '/v1/nothing', { headers: { 'x-request-id': '<script>' } });
    expect(unsound.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
