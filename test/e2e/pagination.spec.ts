import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '#test/support/api.js';
import type { Client, TestApi } from '#test/support/api.js';
import { invoiceBody, loadInvoice } from '#test/support/api-data.js';

interface Page {
  data: { externalId: string; dueOn: string }[];
  next: string | null;
}

let api: TestApi;
let client: Client;

beforeAll(async () => {
  api = await startTestApi();
  ({ admin: client } = await api.organisation());
  await loadInvoice(client);
});
afterAll(() => api.close());

const load = async (prefix: string, count: number, dueOn: (index: number) => string): Promise<void> => {
  const invoices = Array.from({ length: count }, (_, index) =>
    invoiceBody({ externalId: `${prefix}-${index}`, dueOn: dueOn(index) }),
  );
  const { body } = await client.post<{ refused: number }>('/v1/invoices/batch', { invoices });
  expect(body.refused).toBe(0);
};

describe('walking a list', () => {
  it('meets every row once, in order, while others are inserted before and after', async () => {
    await load('A', 25, (index) => `2026-02-${String(1 + (index % 5)).padStart(2, '0')}`);
    const seen: Page['data'] = [];
    let after = '';
    for (let round = 0; ; round += 1) {
      const { body } = await client.get<Page>(`/v1/invoices?limit=7${after}`);
      expect(body.data.length).toBeLessThanOrEqual(7);
      seen.push(...body.data);
      if (body.next === null) break;
      after = `&after=${body.next}`;
      await load(`EARLY-${round}`, 1, () => '2026-01-02');
      await load(`LATE-${round}`, 1, () => '2026-03-01');
    }
    const ids = seen.map(({ externalId }) => externalId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith('A-'))).toHaveLength(25);
    expect(ids.filter((id) => id.startsWith('LATE-')).length).toBeGreaterThan(0);
    const days = seen.map(({ dueOn }) => dueOn);
    expect(days).toEqual([...days].sort());
  });

  it('ends without a cursor when the last page is full', async () => {
    const { admin } = await api.organisation();
    for (const externalId of ['1', '2']) await admin.post('/v1/customers', { externalId, name: 'N' });
    const first = await admin.get<Page>('/v1/customers?limit=2');
    expect(first.body).toMatchObject({ data: [{ externalId: '1' }, { externalId: '2' }], next: null });
  });

  it('keeps to its filters', async () => {
    await load('F', 6, () => '2026-05-01');
    const first = await client.get<Page>('/v1/invoices?dueFrom=2026-05-01&dueTo=2026-05-01&limit=4');
    const second = await client.get<Page>(
      `/v1/invoices?dueFrom=2026-05-01&dueTo=2026-05-01&limit=4&after=${first.body.next ?? ''}`,
    );
    expect([...first.body.data, ...second.body.data]).toHaveLength(6);
    expect(second.body.next).toBeNull();
  });
});
