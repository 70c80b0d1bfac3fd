import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '#test/support/api.js';
import type { TestApi, TestOrganisation } from '#test/support/api.js';

let api: TestApi;
let organisation: TestOrganisation;

beforeAll(async () => {
  api = await startTestApi();
  organisation = await api.organisation();
  await organisation.admin.post('/v1/customers', {
    externalId: 'C-1',
    name: 'Ann',
    telegramChatId: '100000',
  });
});
afterAll(() => api.close());

const evidence = { who: 'Ann Smith', how: 'web form', text: 'Write to me by Telegram.' };
const consent = { customerExternalId: 'C-1', medium: 'telegram', state: 'granted', evidence };

describe('consents', () => {
  it('are recorded with what proves them, and listed', async () => {
    const agent = await organisation.as('agent');
    const given = await agent.post('/v1/consents', { ...consent, address: '100000' });
    expect(given).toMatchObject({
      status: 201,
      body: { result: 'created', address: '100000', purpose: 'messages', evidence },
    });
    const list = await organisation.admin.get<{ data: object[] }>('/v1/consents?customer=ext:C-1');
    expect(list.body.data).toMatchObject([{ medium: 'telegram', state: 'granted' }]);
    expect((await (await organisation.as('viewer')).post('/v1/consents', consent)).status).toBe(403);
  });

  it.each([
    ['nothing that proves it', { ...consent, evidence: undefined }, 'evidence'],
    ['nobody who said so', { ...consent, evidence: { how: 'web form' } }, 'evidence.who'],
    ['no way in which', { ...consent, evidence: { who: 'Ann' } }, 'evidence.how'],
    ['an unknown channel', { ...consent, medium: 'fax' }, 'medium'],
  ])('are refused with %s', async (_what, body, path) => {
    const { status, body: problem } = await organisation.admin.post<{ errors: { path: string }[] }>(
      '/v1/consents',
      body,
    );
    expect(status).toBe(400);
    expect(problem.errors.map((error) => error.path)).toEqual([path]);
  });
});

describe('the people of a customer', () => {
  const asked = { reason: 'asked to be forgotten', evidence: { who: 'Ann Smith', how: 'letter' } };

  it('are told what is held about them, and forgotten when they ask, by admins alone', async () => {
    await organisation.admin.post('/v1/customers', {
      externalId: 'C-2',
      name: 'Zoe Doe',
      email: 'zoe@example.test',
    });
    const manager = await organisation.as('manager');
    expect((await manager.get('/v1/customers/ext:C-2/personal-data')).status).toBe(403);
    expect((await manager.post('/v1/customers/ext:C-2/erasure', asked)).status).toBe(403);
    const data = await organisation.admin.get('/v1/customers/ext:C-2/personal-data');
    expect(data).toMatchObject({ status: 200, body: { addresses: [{ value: 'zoe@example.test' }] } });
    expect((await organisation.admin.post('/v1/customers/ext:C-2/erasure', {})).status).toBe(400);
    const erased = await organisation.admin.post('/v1/customers/ext:C-2/erasure', asked);
    expect(erased).toMatchObject({
      status: 200,
      body: { result: 'updated', name: 'Erased', erasedAt: expect.any(String) as unknown },
    });
    const later = await organisation.admin.get('/v1/customers/ext:C-2/personal-data');
    expect(JSON.stringify(later.body)).not.toMatch(/zoe/i);
    expect((await organisation.admin.post('/v1/customers/ext:nobody/erasure', asked)).status).toBe(404);
  });
});
