import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startTestApi } from '#test/support/api.js';
import type { Client, TestApi } from '#test/support/api.js';
import { loadInvoice } from '#test/support/api-data.js';

interface Hold {
  id: string;
}

let api: TestApi;
let client: Client;

beforeAll(async () => {
  api = await startTestApi();
  ({ admin: client } = await api.organisation());
  await loadInvoice(client);
});
afterAll(() => api.close());

const hold = { invoiceExternalId: 'INV-1', kind: 'manual', reason: 'asked by telephone' };
const withKey = (key: string): Record<string, string> => ({ 'Idempotency-Key': key });

const holds = async (): Promise<number> =>
  (await client.get<{ data: Hold[] }>('/v1/holds?limit=200')).body.data.length;

describe('a POST with an Idempotency-Key', () => {
  it('is answered again as the first time, without a second effect', async () => {
    const key = withKey(randomUUID());
    const before = await holds();
    const first = await client.post<Hold>('/v1/holds', hold, key);
    const again = await client.post<Hold>('/v1/holds', hold, key);
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await holds()).toBe(before + 1);
  });

  it('has two effects without one', async () => {
    const before = await holds();
    await client.post('/v1/holds', hold);
    await client.post('/v1/holds', hold);
    expect(await holds()).toBe(before + 2);
  });

  it('is refused with another body', async () => {
    const key = withKey(randomUUID());
    await client.post('/v1/holds', hold, key);
    const other = await client.post('/v1/holds', { ...hold, reason: 'other' }, key);
    expect(other).toMatchObject({ status: 422, body: { type: 'urn:kindly:problem:idempotency-key-reused' } });
  });

  it('has one effect when ten come at once', async () => {
    const key = withKey(randomUUID());
    const before = await holds();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => client.post<Hold>('/v1/holds', hold, key)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(9);
    expect(await holds()).toBe(before + 1);
  });

  it('may succeed later when it failed: a failure has no effect to protect', async () => {
    const key = withKey(randomUUID());
    const later = { customerExternalId: 'C-LATER', kind: 'manual' };
    expect((await client.post('/v1/holds', later, key)).status).toBe(404);
    await client.post('/v1/customers', { externalId: 'C-LATER', name: 'Later' });
    expect((await client.post('/v1/holds', later, key)).status).toBe(201);
  });

  it('means another request on another route or in another organisation', async () => {
    const key = withKey(randomUUID());
    const placed = await client.post<Hold>('/v1/holds', hold, key);
    expect((await client.post(`/v1/holds/${placed.body.id}/release`, {}, key)).status).toBe(200);
    const other = await api.organisation();
    await loadInvoice(other.admin);
    const theirs = await other.admin.post<Hold>('/v1/holds', hold, key);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(placed.body.id);
  });

  it.each(['', 'with space', 'x'.repeat(256)])('is refused with a bad one: "%s"', async (key) => {
    const answer = await client.post('/v1/holds', hold, withKey(key));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'Idempotency-Key' }] } });
  });
});
