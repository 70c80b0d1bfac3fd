import { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import { type Scope, withScope } from '#engine/scope.js';
import {
  createEndpoint,
  createWebhookActivities,
  type DeliveryView,
  emit,
  replayDelivery,
  updateEndpoint,
  type WebhookEventType,
} from '#engine/webhooks/index.js';
import { MAX_TRIES } from '#engine/webhooks/retry-schedule.js';
import { fillEveryTable } from './rows.js';
import { createOrganisation, openTestStore, type TestStore } from './store.js';
import { startReceiver, type WebhookReceiver } from './webhooks-receiver.js';

const CLOCK = new Date('2013-02-01T09:00:00Z');

describe('outgoing webhooks', () => {
  let store: TestStore;
  let receiver: WebhookReceiver;
  let organisationId: string;
  let invoiceId: string;
  const inScope = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
    withScope(store.app, organisationId, 'test', work);

  beforeAll(async () => {
    store = await openTestStore();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    organisationId = await createOrganisation(store.system, { kind: 'test', clockNow: CLOCK });
    invoiceId = await inScope(async ({ manager }) => {
      await fillEveryTable(manager, organisationId);
      await manager.query('delete from webhook_endpoint');
      await manager.query('delete from outbox');
      const [invoice] = await manager.query<{ id: string }[]>('select id from invoice');
      return invoice?.id ?? '';
    });
  });
  afterEach(() => receiver.close());
  afterAll(() => store.close());

  const subscribe = (eventTypes: WebhookEventType[] = []) =>
    inScope((scope) => createEndpoint(scope, { url: receiver.url, eventTypes }));
  const tell = (type: WebhookEventType, data: Record<string, unknown> = {}) =>
    inScope((scope) => emit(scope, { type, subjectId: invoiceId, data }));
  const deliver = (endpointId: string, allowPrivate = true) =>
    createWebhookActivities({ dataSource: store.app, allowPrivate, retryDelayMs: () => 1 }).deliverNext({
      organisationId,
      endpointId,
      subjectId: invoiceId,
    });
  const query = <Row>(sql: string) => inScope(({ manager }) => manager.query<Row[]>(sql));
  const deliveries = () =>
    query<DeliveryView>('select *, last_status as "lastStatus" from webhook_delivery order by sequence');
  const stateOf = async () =>
    (await query<{ state: string }>('select state from webhook_endpoint'))[0]?.state;
  const types = () => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

  it('are written for those who listen to the event, with a row that wakes the workflow', async () => {
    const all = await subscribe();
    await subscribe(['task.created']);
    const settled = await subscribe(['invoice.settled', 'invoice.reopened']);
    await tell('invoice.settled');
    const rows = await query<{ endpoint_id: string }>(
      'select endpoint_id from webhook_delivery order by sequence',
    );
    expect(rows.map((row) => row.endpoint_id).sort()).toEqual([all.id, settled.id].sort());
    const outbox = await query('select workflow_id, workflow_type, payload from outbox order by workflow_id');
    expect(outbox).toContainEqual({
      workflow_id: `webhook/${organisationId}/${all.id}/${invoiceId}`,
      workflow_type: 'webhookDelivery',
      payload: { organisationId, endpointId: all.id, subjectId: invoiceId },
    });
    expect(outbox).toHaveLength(2);
  });

  it('cost nothing where nobody listens', async () => {
    await subscribe(['task.created']);
    await tell('invoice.settled');
    expect(await deliveries()).toEqual([]);
    expect(await query('select 1 from outbox')).toEqual([]);
  });

  it('vanish with the transaction they belong to', async () => {
    await subscribe();
    const undone = inScope(async (scope) => {
      await emit(scope, { type: 'invoice.settled', subjectId: invoiceId, data: {} });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await deliveries()).toEqual([]);
  });

  it('are signed so that the Standard Webhooks library verifies them, and say what, when and about whom', async () => {
    const { id, secret } = await subscribe();
    await tell('contact.attempted', { medium: 'sms' });
    expect(await deliver(id)).toBe('delivered');
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(new Webhook(secret).verify(body, headers)).toEqual({
      type: 'contact.attempted',
      timestamp: '2013-02-01T09:00:00Z',
      data: {
        medium: 'sms',
        invoiceId,
        invoiceExternalId: 'i',
        customerId: expect.any(String) as unknown,
        customerExternalId: 'c',
      },
    });
    expect(secret).toMatch(/^whsec_/);
    expect(headers['content-type']).toBe('application/json');
  });

  it('fail verification with another secret', async () => {
    const { id } = await subscribe();
    const other = await subscribe();
    await tell('invoice.settled');
    await deliver(id);
    const [first] = receiver.received;
    expect(() => new Webhook(other.secret).verify(first?.body ?? '', first?.headers ?? {})).toThrow();
  });

  it('are tried again, with the same id, until they are taken, and keep their order meanwhile', async () => {
    const { id } = await subscribe();
    receiver.answers.push(500, 503);
    for (const type of ['task.created', 'task.completed', 'invoice.settled'] as const) await tell(type);
    await expect(deliver(id)).rejects.toThrow('http_500');
    await expect(deliver(id)).rejects.toThrow('http_503');
    const results = [];
    do results.push(await deliver(id));
    while (results.at(-1) !== 'empty');
    expect(results).toEqual(['delivered', 'delivered', 'delivered', 'empty']);
    expect(types()).toEqual([
      'task.created',
      'task.created',
      'task.created',
      'task.completed',
      'invoice.settled',
    ]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    expect(await deliveries()).toMatchObject([
      { state: 'delivered', tries: 3, lastStatus: 'http_200' },
      {},
      {},
    ]);
  });

  it('fail towards Temporal with ids and codes only', async () => {
    const { id } = await subscribe();
    receiver.answers.push(500);
    await tell('contact.attempted', { secretive: 'body-text' });
    const failure = await deliver(id).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    const { message, type, nonRetryable, details } = failure as ApplicationFailure;
    expect({ type, nonRetryable, details }).toEqual({
      type: 'webhook_not_delivered',
      nonRetryable: false,
      details: undefined,
    });
    expect(message).toMatch(/^delivery [0-9a-f-]{36}: http_500$/);
    expect(JSON.stringify(failure)).not.toMatch(/body-text|127\.0\.0\.1/);
  });

  it('follow no redirect', async () => {
    const { id } = await subscribe();
    receiver.answers.push(302);
    await tell('invoice.settled');
    await expect(deliver(id)).rejects.toThrow('http_302');
  });

  it('are not sent to this machine or its network unless the installation allows it', async () => {
    const { id } = await subscribe();
    await tell('invoice.settled');
    await expect(deliver(id, false)).rejects.toThrow('forbidden_address');
    expect(receiver.received).toEqual([]);
  });

  it('say that nobody answers', async () => {
    const { id } = await subscribe();
    await tell('invoice.settled');
    await receiver.close();
    await expect(deliver(id)).rejects.toThrow('ECONNREFUSED');
  });

  it('pause an endpoint that says it is gone, and go out when it is set to work again', async () => {
    const { id } = await subscribe();
    receiver.answers.push(410);
    await tell('task.created');
    expect(await deliver(id)).toBe('empty');
    expect(await stateOf()).toBe('paused');
    await query('select 1');
    await inScope(({ manager }) => manager.query('delete from outbox'));
    await tell('task.completed');
    expect(await query('select 1 from outbox')).toEqual([]);
    await inScope((scope) => updateEndpoint(scope, id, { state: 'active' }));
    expect(await query('select 1 from outbox')).toHaveLength(1);
    await deliver(id);
    await deliver(id);
    expect(types()).toEqual(['task.created', 'task.created', 'task.completed']);
  });

  it('are given up after three days of tries, and an endpoint that took nothing else is paused', async () => {
    const { id } = await subscribe();
    await tell('task.created');
    await inScope(({ manager }) => manager.query('update webhook_delivery set tries = $1', [MAX_TRIES - 1]));
    receiver.answers.push(500);
    expect(await deliver(id)).toBe('empty');
    expect(await deliveries()).toMatchObject([{ state: 'failed', tries: MAX_TRIES }]);
    expect(await stateOf()).toBe('paused');
  });

  it('that one receiver cannot take do not stop those after them', async () => {
    const { id } = await subscribe();
    await tell('hold.placed');
    await deliver(id);
    await tell('task.created');
    await inScope(({ manager }) =>
      manager.query(`update webhook_delivery set tries = $1 where state = 'waiting'`, [MAX_TRIES - 1]),
    );
    await tell('task.completed');
    receiver.answers.push(500);
    expect(await deliver(id)).toBe('delivered');
    expect(types()).toEqual(['hold.placed', 'task.created', 'task.completed']);
    expect(await stateOf()).toBe('active');
  });

  it('can be replayed with the id they had', async () => {
    const { id } = await subscribe();
    await tell('invoice.settled');
    await deliver(id);
    const [delivery] = await deliveries();
    const replayed = await inScope((scope) => replayDelivery(scope, id, delivery?.id ?? ''));
    expect(replayed).toMatchObject({ state: 'waiting', tries: 0 });
    expect(await deliver(id)).toBe('delivered');
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([delivery?.id, delivery?.id]);
    expect(await inScope((scope) => replayDelivery(scope, id, id))).toBeNull();
  });
});
