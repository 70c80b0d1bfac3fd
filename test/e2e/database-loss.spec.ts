import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, clientOf, ROOT_KEY } from '#test/support/api.js';
import type { Answer, TestApi, TestOrganisation } from '#test/support/api.js';
import { testDatabase } from '#test/support/database.js';
import { eventually } from '#test/support/eventually.js';
import { tcpProxy } from '#test/support/tcp-proxy.js';
import type { TcpProxy } from '#test/support/tcp-proxy.js';
import { startApi } from '#api/bootstrap.js';
import { createLogger } from '#observability/logger.js';

const through = (url: string, port: number): string => {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(port);
  return changed.href;
};

const proxyOf = (url: string): Promise<TcpProxy> => {
  const { hostname, port } = new URL(url);
  return tcpProxy({ host: hostname, port: Number(port || 5432) });
};

const customer = { externalId: 'C-1', name: 'Sample Ltd' };

describe('a database that goes away', () => {
  let proxy: TcpProxy;
  let api: TestApi;
  let organisation: TestOrganisation;

  beforeAll(async () => {
    api = await startTestApi({
      settings: async (settings) => {
        proxy = await proxyOf(settings.appDatabaseUrl);
        return {
          ...settings,
          appDatabaseUrl: through(settings.appDatabaseUrl, proxy.port),
          systemDatabaseUrl: through(settings.systemDatabaseUrl, proxy.port),
        };
      },
    });
    organisation = await api.organisation();
  });
  afterAll(async () => {
    await api.close();
    await proxy.close();
  });

  it('is told as 503 with Retry-After, and used again when it is back', async () => {
    expect((await organisation.admin.post('/v1/customers', customer)).status).toBe(200);
    await proxy.cut();

    const lost = await organisation.admin.get('/v1/customers/ext:C-1');
    expect(lost).toMatchObject({
      status: 503,
      body: {
        type: 'urn:kindly:problem:database-unavailable',
        remedy: expect.stringMatching(/Nothing was changed/),
      },
    });
    expect(lost.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await api.stranger.get('/readyz')).status).toBe(503);
    expect((await api.stranger.get('/healthz')).status).toBe(200);

    await proxy.mend();
    await eventually(async () => {
      expect(await organisation.admin.get('/v1/customers/ext:C-1')).toMatchObject({
        status: 200,
        body: customer,
      });
    });
    expect((await api.stranger.get('/readyz')).status).toBe(200);
  });

  it('loses nothing that was confirmed and keeps nothing that was not', async () => {
    const load = (index: number): Promise<Answer> =>
      organisation.admin.post(
        '/v1/customers',
        { ...customer, externalId: `M-${index}` },
        { 'Idempotency-Key': `M-${index}` },
      );
    const sent = Promise.all(Array.from({ length: 10 }, (_, index) => load(index)));
    await proxy.cut();
    const first = await sent;
    await proxy.mend();
    for (const [index, { status }] of first.entries()) {
      expect([200, 503]).toContain(status);
      await eventually(async () => {
        expect(await load(index)).toMatchObject({ status: 200, body: { result: 'created' } });
      });
    }
    const { body } = await organisation.admin.get<{ data: unknown[] }>('/v1/customers?search=M-');
    expect(body.data).toHaveLength(10);
  });
});

describe('a database that is not there at the start', () => {
  it('is waited for: the API answers 503 meanwhile', async () => {
    const database = await testDatabase();
    const proxy = await proxyOf(database.appUrl);
    await proxy.cut();
    const settings = {
      host: '127.0.0.1',
      port: 0,
      rootKey: ROOT_KEY,
      appDatabaseUrl: through(database.appUrl, proxy.port),
      systemDatabaseUrl: through(database.systemUrl, proxy.port),
    };
    const { app, url } = await startApi(settings, createLogger({ name: 'api', level: 'silent' }));
    const client = clientOf(url, ROOT_KEY);
    try {
      expect((await client.get('/healthz')).status).toBe(200);
      expect((await client.get('/readyz')).status).toBe(503);
      expect((await client.post('/v1/organisations', { name: 'Later', kind: 'test' })).status).toBe(503);
      await proxy.mend();
      await eventually(async () => {
        expect((await client.post('/v1/organisations', { name: 'Later', kind: 'test' })).status).toBe(201);
      });
    } finally {
      await app.close();
      await proxy.close();
      await database.drop();
    }
  });
});
