import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startTestApi } from '#test/support/api.js';
import type { TestApi, TestOrganisation } from '#test/support/api.js';
import type { Role } from '#api/common/roles.js';

interface KeyBody {
  id: string;
  token: string | null;
  role: Role;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

let api: TestApi;
let organisation: TestOrganisation;

beforeAll(async () => {
  api = await startTestApi();
  organisation = await api.organisation();
});
afterAll(() => api.close());

describe('organisations', () => {
  it('are created with the root key, with a first admin key of the right kind', async () => {
    const { status, body } = await api.root.post<{ organisation: { id: string }; apiKey: KeyBody }>(
      '/v1/organisations',
      {
        name: 'Live Ltd',
        kind: 'live',
        zone: 'Europe/Madrid',
      },
    );
    expect(status).toBe(201);
    expect(body.apiKey).toMatchObject({
      role: 'admin',
      token: expect.stringMatching(/^kdy_live_[\w-]{43}$/),
    });
    const own = await api.with(body.apiKey.token ?? '').get('/v1/organisations/current');
    expect(own.body).toMatchObject({
      id: body.organisation.id,
      kind: 'live',
      zone: 'Europe/Madrid',
      clockNow: null,
    });
  });

  it('are not created without the root key', async () => {
    const input = { name: 'No', kind: 'test' };
    expect((await api.stranger.post('/v1/organisations', input)).status).toBe(401);
    expect((await organisation.admin.post('/v1/organisations', input)).status).toBe(403);
  });

  it('are created once for an Idempotency-Key, and their key is not told again', async () => {
    const input = { name: 'Once', kind: 'test' };
    const header = { 'Idempotency-Key': randomUUID() };
    const tries = await Promise.all(
      Array.from({ length: 5 }, () =>
        api.root.post<{ organisation: { id: string }; apiKey: KeyBody }>('/v1/organisations', input, header),
      ),
    );
    expect(tries.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(tries.map(({ body }) => body.organisation.id)).size).toBe(1);
    expect(tries.filter(({ body }) => body.apiKey.token !== null)).toHaveLength(1);
    expect(tries.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(4);
    const other = await api.root.post('/v1/organisations', { ...input, name: 'Twice' }, header);
    expect(other.status).toBe(422);
  });

  it('have an external id of their own', async () => {
    const input = { name: 'Same', kind: 'test', externalId: randomUUID() };
    await api.root.post('/v1/organisations', input);
    const again = await api.root.post('/v1/organisations', input);
    expect(again).toMatchObject({ status: 409, body: { errors: [{ path: 'externalId' }] } });
  });

  it('change name and zone by an admin', async () => {
    const changed = await organisation.admin.patch('/v1/organisations/current', {
      name: 'New',
      zone: 'Asia/Tokyo',
    });
    expect(changed).toMatchObject({ status: 200, body: { name: 'New', zone: 'Asia/Tokyo' } });
  });

  it('do not see each other', async () => {
    const other = await api.organisation();
    const answer = await organisation.admin.get(`/v1/organisations/${other.id}`);
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:kindly:problem:not-found' } });
  });
});

describe('keys', () => {
  it('are needed', async () => {
    const answer = await api.stranger.get('/v1/api-keys');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each(['kdy_test_wrong', 'x', `kdy_live_${'A'.repeat(43)}`])(
    'that are unknown are refused: %s',
    async (token) => {
      expect((await api.with(token).get('/v1/api-keys')).status).toBe(401);
    },
  );

  it('open nothing as the root key but creating organisations', async () => {
    expect((await api.root.get('/v1/api-keys')).status).toBe(403);
  });

  it('are shown once and stored hashed', async () => {
    const created = await organisation.admin.post<KeyBody>('/v1/api-keys', { name: 'Sync', role: 'agent' });
    expect(created.status).toBe(201);
    const list = await organisation.admin.get<{ data: object[] }>('/v1/api-keys');
    expect(JSON.stringify(list.body)).not.toContain(created.body.token);
    expect(list.body.data).toContainEqual(expect.objectContaining({ id: created.body.id, name: 'Sync' }));
  });

  it('tell when they were last used', async () => {
    const created = await organisation.admin.post<KeyBody>('/v1/api-keys', { name: 'Used', role: 'viewer' });
    await api.with(created.body.token ?? '').get('/v1/organisations/current');
    const list = await organisation.admin.get<{ data: KeyBody[] }>('/v1/api-keys');
    expect(list.body.data.find(({ id }) => id === created.body.id)?.lastUsedAt).not.toBeNull();
  });

  it('stop at once when revoked', async () => {
    const created = await organisation.admin.post<KeyBody>('/v1/api-keys', { name: 'Gone', role: 'viewer' });
    const client = api.with(created.body.token ?? '');
    expect((await client.get('/v1/organisations/current')).status).toBe(200);
    const revoked = await organisation.admin.post<KeyBody>(`/v1/api-keys/${created.body.id}/revoke`);
    expect(revoked).toMatchObject({ status: 200, body: { revokedAt: expect.any(String) } });
    expect((await client.get('/v1/organisations/current')).status).toBe(401);
  });

  it('are replaced by rotation, with or without a time in which both work', async () => {
    const old = await organisation.admin.post<KeyBody>('/v1/api-keys', { name: 'Turn', role: 'viewer' });
    const first = await organisation.admin.post<KeyBody>(`/v1/api-keys/${old.body.id}/rotate`, {
      graceMinutes: 5,
    });
    const second = await organisation.admin.post<KeyBody>(`/v1/api-keys/${first.body.id}/rotate`, {});
    const status = async ({ body }: { body: KeyBody }): Promise<number> =>
      (await api.with(body.token ?? '').get('/v1/organisations/current')).status;
    expect([await status(old), await status(first), await status(second)]).toEqual([200, 401, 200]);
  });

  it('cannot all be revoked: the last admin stays', async () => {
    const alone = await api.organisation();
    const { body } = await alone.admin.get<{ data: KeyBody[] }>('/v1/api-keys');
    const answer = await alone.admin.post(`/v1/api-keys/${body.data[0]?.id ?? ''}/revoke`);
    expect(answer).toMatchObject({
      status: 409,
      body: { remedy: expect.stringMatching(/another admin key/) },
    });
  });

  it('with an unknown role or property are refused, each with its path', async () => {
    const answer = await organisation.admin.post('/v1/api-keys', { name: '', role: 'boss', rights: 1 });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        type: 'urn:kindly:problem:invalid-request',
        instance: '/v1/api-keys',
        errors: expect.arrayContaining([
          { path: 'rights', message: expect.stringMatching(/unknown property/) },
          { path: 'role', message: expect.stringMatching(/admin, manager/) },
          { path: 'name', message: expect.any(String) },
        ]),
      },
    });
  });
});
