import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createWebhookActivities } from '#engine/webhooks/index.js';
import { startReceiver, type WebhookReceiver } from '#test/db/webhooks-receiver.js';
import { openWorld, type World } from './campaigns-world.js';

interface Endpoint {
  id: string;
  url: string;
  secret: string | null;
  state: string;
}

let world: World;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startReceiver();
  world = await openWorld({ settings: (same) => ({ ...same, allowPrivateWebhooks: true }) });
  await world.publishCampaign('standard');
});
afterAll(async () => {
  await Promise.all([world.close(), receiver.close()]);
});

const subscribe = (body: object = {}, headers: Record<string, string> = {}) =>
  world.admin.post<Endpoint>('/v1/webhooks', { url: receiver.url, ...body }, headers);

describe('webhook endpoints', () => {
  it('are created with a secret that is shown once', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const created = await subscribe({ eventTypes: ['task.created'] }, headers);
    expect(created).toMatchObject({
      status: 201,
      body: { state: 'active', secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as unknown },
    });
    expect((await subscribe({ eventTypes: ['task.created'] }, headers)).body).toMatchObject({
      id: created.body.id,
      secret: null,
    });
    const read = await world.admin.get<Endpoint>(`/v1/webhooks/${created.body.id}`);
    expect(read.body).toEqual({
      id: created.body.id,
      url: receiver.url,
      eventTypes: ['task.created'],
      state: 'active',
      recordedAt: expect.any(String) as unknown,
    });
    const list = await world.admin.get<{ data: Endpoint[] }>('/v1/webhooks');
    expect(JSON.stringify(list.body)).not.toContain('whsec_');
    await world.admin.send('DELETE', `/v1/webhooks/${created.body.id}`);
  });

  it('can be paused, changed and removed', async () => {
    const { body } = await subscribe({ eventTypes: ['task.created'] });
    const changed = await world.admin.patch(`/v1/webhooks/${body.id}`, { state: 'paused', eventTypes: [] });
    expect(changed.body).toMatchObject({ state: 'paused', eventTypes: [] });
    expect((await world.admin.send('DELETE', `/v1/webhooks/${body.id}`)).status).toBe(204);
    expect((await world.admin.get(`/v1/webhooks/${body.id}`)).status).toBe(404);
  });

  it('are refused where they cannot be, and to whom they do not belong', async () => {
    expect((await subscribe({ url: 'ftp://example.com/' })).status).toBe(422);
    expect((await subscribe({ eventTypes: ['invoice.eaten'] })).status).toBe(400);
    const manager = await world.organisation.as('manager');
    expect((await manager.get('/v1/webhooks')).status).toBe(403);
    const { body } = await subscribe({ eventTypes: ['task.created'] });
    const other = await world.api.organisation();
    expect((await other.admin.get(`/v1/webhooks/${body.id}`)).status).toBe(404);
    expect((await other.admin.send('DELETE', `/v1/webhooks/${body.id}`)).status).toBe(404);
    await world.admin.send('DELETE', `/v1/webhooks/${body.id}`);
  });

  it('hear what happened, and can have it again', async () => {
    const { body: endpoint } = await subscribe({ eventTypes: ['enrolment.ended'] });
    const invoiceId = await world.invoice('W-1');
    const enrolmentId = await world.enrol('W-1', 'standard');
    await world.admin.post(`/v1/enrolments/${enrolmentId}/end`, {});
    const deliveries = () =>
      world.admin.get<{ data: { id: string; state: string }[] }>(`/v1/webhooks/${endpoint.id}/deliveries`);
    expect((await deliveries()).body.data).toMatchObject([
      { type: 'enrolment.ended', state: 'waiting', tries: 0, subjectId: invoiceId },
    ]);

    const { deliverNext } = createWebhookActivities({ dataSource: world.dataSource, allowPrivate: true });
    const ref = { organisationId: world.organisation.id, endpointId: endpoint.id, subjectId: invoiceId };
    expect(await deliverNext(ref)).toBe('delivered');
    const [first] = receiver.received;
    expect(new Webhook(endpoint.secret ?? '').verify(first?.body ?? '', first?.headers ?? {})).toMatchObject({
      type: 'enrolment.ended',
      data: { enrolmentId, reason: 'by_hand', invoiceExternalId: 'W-1', customerExternalId: 'C-1' },
    });

    const [delivered] = (await deliveries()).body.data;
    expect(delivered?.state).toBe('delivered');
    const replayed = await world.admin.post(`/v1/webhooks/${endpoint.id}/deliveries/${delivered?.id}/replay`);
    expect(replayed).toMatchObject({ status: 202, body: { state: 'waiting' } });
    expect(await deliverNext(ref)).toBe('delivered');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      delivered?.id,
      delivered?.id,
    ]);
    expect(
      (await world.admin.post(`/v1/webhooks/${endpoint.id}/deliveries/${randomUUID()}/replay`)).status,
    ).toBe(404);
  });
});

describe('an installation that does not allow private addresses', () => {
  it('refuses endpoints in them', async () => {
    const strict = await openWorld();
    try {
      for (const url of [
        'http://127.0.0.1/',
        'https://127.0.0.1/',
        'https://localhost/',
        'https://[::1]/',
        'http://crm.example.com/',
      ]) {
        expect((await strict.admin.post('/v1/webhooks', { url })).status).toBe(422);
      }
      expect(
        (await strict.admin.post('/v1/webhooks', { url: 'https://crm.example.com/kindly' })).status,
      ).toBe(201);
    } finally {
      await strict.close();
    }
  });
});
