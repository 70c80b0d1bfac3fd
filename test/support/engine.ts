import type { DataSource } from 'typeorm';
import type { Worker } from '@temporalio/worker';
import type { WorkerConfig } from '#config/config.js';
import type { Channel } from '#channels/channel.js';
import { FakeChannel } from '#channels/fake/fake.channel.js';
import { ChannelRegistry } from '#channels/registry.js';
import { ENGINE_QUEUE, type EngineActivities } from '#contracts/engine.js';
import { MESSAGE_MEDIA, type MessageMedium } from '#domain/medium.js';
import { weekendCalendar } from '#domain/working-days.js';
import { createEngineActivities } from '#engine/activities.js';
import { type EngineDeps, TIMING, type Timing } from '#engine/deps.js';
import { Relay } from '#engine/relay.js';
import { createReconcileActivities } from '#engine/reconcile/index.js';
import { createWebhookActivities } from '#engine/webhooks/index.js';
import { createLogger } from '#observability/logger.js';
import { openDataSource } from '#store/data-source.js';
import { createWorkers } from '#worker/workers.js';
import { loadWorkflowBundle } from '#worker/workflow-bundle.js';
import { type TestDatabase, testDatabase } from './database.js';
import { TestOrganisation } from './engine-organisation.js';
import { seedOrganisation, type Sources } from './seed.js';
import { type TestTemporal, testTemporal } from './temporal.js';

export interface TestEngineOptions {
  timing?: Partial<Timing>;
  /** Puts something between the worker and the engine's activities, as a crash would. */
  activities?: (own: EngineActivities) => EngineActivities;
  /** Puts something between the engine and the channel of live organisations. */
  outside?: (fake: FakeChannel) => Channel;
  /** A second provider of live organisations, for when the first fails. */
  second?: Channel;
  /** Changes the compiled workflow code, as to make its times short. */
  workflowCode?: (code: string) => string;
  /** Media whose messages are sent once more when nobody can say what became of them. */
  resendUnknown?: readonly MessageMedium[];
  /** Of the workers, instead of the usual. */
  limits?: Partial<WorkerConfig>;
  /** Waits before each look for a message that may have gone out. */
  looksMs?: readonly number[];
  /** False: the workers are in processes of their own. */
  workers?: boolean;
  /** False: nothing is delivered unless a spec does it. */
  relay?: boolean;
  /** Another address of the engine's database, as of a proxy that can be cut. */
  databaseUrl?: (own: string) => string | Promise<string>;
}

const logger = createLogger({ name: 'worker', level: process.env['LOG_LEVEL'] ?? 'silent' });
const limits = {
  maxConcurrentActivities: 20,
  maxConcurrentWorkflowTasks: 20,
  maxCachedWorkflows: 100,
  allowPrivateWebhooks: true,
  resendUnknown: [],
  releasePerSecond: 1_000,
  queueRates: {},
};

interface Parts {
  database: TestDatabase;
  temporal: TestTemporal;
  /** Connections of the engine. */
  used: Sources;
  /** Connections of the specs, which no proxy cuts. */
  own: Sources;
  outside: FakeChannel;
  inside: FakeChannel;
  deps: EngineDeps;
  relay: Relay;
}

/** The whole engine in this process: the product's workers and relay, on a database and a namespace of their own. */
export class TestEngine {
  readonly database: TestDatabase;
  readonly temporal: TestTemporal;
  readonly own: Sources;
  readonly deps: EngineDeps;
  /** What live organisations send by, whatever the medium. */
  readonly outside: FakeChannel;
  /** What test organisations send by. */
  readonly inside: FakeChannel;
  readonly relay: Relay;
  private readonly workers = new Map<Worker, Promise<void>>();

  private constructor(
    private readonly parts: Parts,
    private readonly options: TestEngineOptions,
  ) {
    ({
      database: this.database,
      temporal: this.temporal,
      own: this.own,
      deps: this.deps,
      outside: this.outside,
      inside: this.inside,
      relay: this.relay,
    } = parts);
  }

  static async start(options: TestEngineOptions = {}): Promise<TestEngine> {
    const [database, temporal] = await Promise.all([testDatabase(), testTemporal()]);
    const { databaseUrl = (same) => same } = options;
    const systemUrl = await databaseUrl(database.systemUrl);
    const used = await openSources(await databaseUrl(database.appUrl), systemUrl);
    const own = await openSources(database.appUrl, database.systemUrl);
    const relay = relayTo(temporal, used.system, systemUrl);
    const channels = channelsOf(options);
    const parts = {
      database,
      temporal,
      used,
      own,
      relay,
      ...channels,
      deps: depsOf(used, channels, options),
    };
    const engine = new TestEngine(parts, options);
    if (options.workers !== false) await engine.startWorkers();
    if (options.relay !== false) await relay.start();
    return engine;
  }

  /** As another process of the product would; returns when they poll. */
  async startWorkers(): Promise<void> {
    const { temporal, used, deps } = this.parts;
    const activities = createEngineActivities(deps);
    const { code } = await loadWorkflowBundle();
    const workers = await createWorkers({
      connection: await temporal.connectNative(),
      namespace: temporal.namespace,
      activities: {
        ...(this.options.activities?.(activities) ?? activities),
        ...createReconcileActivities({
          dataSource: used.app,
          channels: deps.channels,
          resend: this.options.resendUnknown ?? [],
        }),
        ...createWebhookActivities({ dataSource: used.app, allowPrivate: true }),
      },
      limits: { ...limits, ...this.options.limits },
      logger,
      workflowBundle: { code: this.options.workflowCode?.(code) ?? code },
    });
    for (const worker of workers) this.workers.set(worker, worker.run());
  }

  /** Lets workflows stand still, until workers are started again, while activities go on. */
  async stopWorkflows(): Promise<void> {
    for (const [worker, running] of this.workers) {
      if (worker.options.taskQueue !== ENGINE_QUEUE || worker.getState() !== 'RUNNING') continue;
      worker.shutdown();
      await running;
    }
  }

  /** A second relay on the same outbox; not started. @param temporal what it delivers to */
  anotherRelay(temporal = this.temporal.client): Relay {
    return relayTo({ client: temporal }, this.own.system, this.database.systemUrl);
  }

  /** @param clock given, a test organisation whose clock stands there */
  async organisation(clock?: Date): Promise<TestOrganisation> {
    return new TestOrganisation(this, await seedOrganisation(this.own, clock));
  }

  async close(): Promise<void> {
    await this.relay.stop();
    for (const worker of this.workers.keys()) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(this.workers.values());
    const { used, own } = this.parts;
    await Promise.all([used.app, used.system, own.app, own.system].map((source) => source.destroy()));
    await this.temporal.close();
    await this.database.drop();
  }
}

const openSources = async (appUrl: string, systemUrl: string): Promise<Sources> => ({
  app: await openDataSource({ url: appUrl, role: 'app' }),
  system: await openDataSource({ url: systemUrl, role: 'system' }),
});

type Channels = Pick<Parts, 'outside' | 'inside'> & { registry: ChannelRegistry };

const channelsOf = ({ outside: wrapped = (same) => same, second }: TestEngineOptions): Channels => {
  const outside = new FakeChannel({ provider: 'fake', media: MESSAGE_MEDIA, external: true });
  const inside = new FakeChannel({ provider: 'outbox', media: MESSAGE_MEDIA, external: false });
  return {
    outside,
    inside,
    registry: new ChannelRegistry([wrapped(outside), ...(second ? [second] : []), inside]),
  };
};

const depsOf = (
  { app }: Sources,
  { registry }: Channels,
  { timing, looksMs }: TestEngineOptions,
): EngineDeps => ({
  dataSource: app,
  looksMs,
  channels: registry,
  calendar: weekendCalendar,
  timing: { ...TIMING, ...timing },
});

const relayTo = ({ client }: Pick<TestTemporal, 'client'>, system: DataSource, systemUrl: string): Relay =>
  new Relay({
    system,
    systemUrl,
    temporal: client,
    log: (message, detail) => logger.warn(detail ?? {}, message),
  });
