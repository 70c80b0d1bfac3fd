import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { FACTS_CHANGED, WEBHOOK_DELIVERY, WEBHOOK_QUEUE, webhookWorkflowId } from '#contracts/engine.js';
import { withScope } from '#engine/scope.js';
import {
  type CreatedEndpoint,
  createEndpoint,
  createWebhookActivities,
  emit,
} from '#engine/webhooks/index.js';
import { readable } from '#test/support/temporal.js';
import { addressOfRun, temporalNamespace as namespace } from '#test/support/temporal-address.js';
import { createOrganisation, openTestStore, type TestStore } from './store.js';
import { startReceiver, type WebhookReceiver } from './webhooks-receiver.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EVENTS = ['task.created', 'task.completed', 'hold.placed', 'hold.released', 'invoice.settled'] as const;

/** Workflow code straight from its sources, as the specs run everything else. */
const bundle = () =>
  bundleWorkflowCode({
    workflowsPath: `${ROOT}workflows/webhook-delivery.ts`,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        alias: {
          ...config.resolve?.alias,
          '#contracts': `${ROOT}libs/contracts`,
          '#domain': `${ROOT}libs/domain`,
        },
        extensionAlias: { '.js': ['.ts', '.js'] },
      },
    }),
    logger: { log: noop, trace: noop, debug: noop, info: noop, warn: noop, error: noop },
  });
const noop = (): void => undefined;

describe('the webhook workflow on a real Temporal', () => {
  let store: TestStore;
  let receiver: WebhookReceiver;
  let connection: Connection;
  let native: NativeConnection;
  let client: Client;
  let worker: Worker;
  let running: Promise<void>;
  let organisationId: string;
  let subjectId: string;
  let endpoint: CreatedEndpoint;

  beforeAll(async () => {
    // Failed tries are what this is about.
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const address = addressOfRun();
    [store, receiver] = await Promise.all([openTestStore(), startReceiver()]);
    connection = await Connection.connect({ address });
    native = await NativeConnection.connect({ address });
    client = new Client({ connection, namespace });
    const activities = createWebhookActivities({
      dataSource: store.app,
      allowPrivate: true,
      retryDelayMs: () => 20,
    });
    const taskQueue = WEBHOOK_QUEUE;
    worker = await Worker.create({
      connection: native,
      namespace,
      taskQueue,
      workflowBundle: await bundle(),
      activities: { ...activities },
    });
    running = worker.run();
  }, 60_000);

  beforeEach(async () => {
    organisationId = await createOrganisation(store.system);
    subjectId = organisationId;
    endpoint = await withScope(store.app, organisationId, 'test', (scope) =>
      createEndpoint(scope, { url: receiver.url, eventTypes: [] }),
    );
    receiver.received.length = 0;
  });

  afterAll(async () => {
    worker.shutdown();
    await running;
    await native.close();
    await connection.close();
    await Promise.all([receiver.close(), store.close()]);
  });

  const tell = (type: (typeof EVENTS)[number]) =>
    withScope(store.app, organisationId, 'test', (scope) => emit(scope, { type, subjectId, data: {} }));
  /** As the relay does. */
  const wake = () =>
    client.workflow.signalWithStart(WEBHOOK_DELIVERY, {
      workflowId: webhookWorkflowId(organisationId, endpoint.id, subjectId),
      taskQueue: WEBHOOK_QUEUE,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [{ organisationId, endpointId: endpoint.id, subjectId }],
      signal: FACTS_CHANGED,
      signalArgs: [1],
    });
  const taken = () => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

  it('delivers to a receiver that fails twice, in order, and ends', async () => {
    receiver.answers.push(500, 500);
    for (const type of EVENTS) await tell(type);
    const handle = await wake();
    await handle.result();
    expect(taken()).toEqual(['task.created', 'task.created', ...EVENTS]);
    for (const { body, headers } of receiver.received) new Webhook(endpoint.secret).verify(body, headers);
  }, 30_000);

  it('loses no event that comes while it runs or after it ended', async () => {
    for (const type of EVENTS) {
      await tell(type);
      await wake();
    }
    await (await wake()).result();
    expect(taken()).toEqual([...EVENTS]);
    await tell('task.created');
    await (await wake()).result();
    expect(taken()).toEqual([...EVENTS, 'task.created']);
  }, 30_000);

  it('leaves ids and codes in its history, and neither address nor contents', async () => {
    receiver.answers.push(503);
    await tell('task.created');
    const handle = await wake();
    await handle.result();
    const history = readable(await handle.fetchHistory());
    expect(history).toContain('webhook_not_delivered');
    expect(history).toContain(endpoint.id);
    for (const secret of [receiver.url, '127.0.0.1', 'task.created', endpoint.secret])
      expect(history).not.toContain(secret);
  }, 30_000);
});
