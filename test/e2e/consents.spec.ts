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
