import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DefaultLogger, type NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { createImapMailbox } from '#channels/imap/imap-mailbox.js';
import { ChannelRegistry, createChannels } from '#channels/registry.js';
import type { Config } from '#config/config.js';
import { holidayCalendar, type WorkingCalendar } from '#domain/working-days.js';
import { loadPublicHolidays } from '#domain/holidays.js';
import { createEngineActivities } from '#engine/activities.js';
import { createReconcileActivities } from '#engine/reconcile/index.js';
import { applyWaitingInbound, INBOUND_CHANNEL } from '#engine/inbound/index.js';
import { type ApplyDeps, Setbacks } from '#engine/apply-waiting.js';
import { applyWaiting, type PollDeps, RECEIPTS_CHANNEL } from '#engine/receipts/index.js';
import type { NightDeps } from '#engine/enrolment-rules/index.js';
import { MOVE_CHANNEL, moveWaiting } from '#engine/campaigns/moves/index.js';
import { MailboxReader, type MailboxReaderOptions } from '#engine/mailbox/index.js';
import { RELEASE_CHANNEL, releaseWaiting } from '#engine/stop/index.js';
import { Relay } from '#engine/relay.js';
import type { SweepDeps } from '#engine/sweep.js';
import { createWebhookActivities } from '#engine/webhooks/index.js';
import { nameOf, WorkLoop, type WorkLoopOptions } from '#engine/work-loop.js';
import type { Logger } from '#observability/logger.js';
import { openDataSource } from '#store/data-source.js';
import { connectClient, connectNative } from './temporal.js';
import { createWorkers } from './workers.js';

/** How long the first connection to PostgreSQL is tried. */
const PATIENCE_MS = 5 * 60_000;

/** Everything a worker process runs: its Temporal workers, the relay that brings them their facts, and what applies receipts. */
@Injectable()
export class EngineService implements OnApplicationShutdown {
  private workers: Worker[] = [];
  private running: Promise<void>[] = [];
  private relay: Relay | undefined;
  private loops: WorkLoop[] = [];
  private mailbox: MailboxReader | undefined;
  private sources: DataSource[] = [];
  private channels: ChannelRegistry | undefined;
  private connections: { native: NativeConnection; client: Client } | undefined;
  private app: DataSource | undefined;
  private system: DataSource | undefined;
  private calendar: WorkingCalendar | undefined;

  constructor(
    private readonly config: Config,
    private readonly logger: Logger,
  ) {}

  /** Resolves when tasks are being polled. @returns settles when the workers have stopped, rejects when one failed */
  async start(): Promise<{ stopped: Promise<unknown> }> {
    const { config, logger } = this;
    const log = (line: string): void => logger.warn(line);
    // Temporal's own log: its errors, in ours. Signals are Nest's.
    const temporalLog = new DefaultLogger('ERROR', ({ message }) => logger.error(message));
    Runtime.install({ shutdownSignals: [], logger: temporalLog });
    const app = (this.app = await this.open('app', config.database.appUrl, config.database.poolSize));
    const system = (this.system = await this.open('system', config.database.systemUrl));
    const native = await connectNative(config.temporal, log);
    const client = await connectClient(config.temporal, log);
    this.connections = { native, client };
    this.channels = new ChannelRegistry(createChannels(config.channels));
    const calendar = (this.calendar = holidayCalendar(await loadPublicHolidays()));
    const activities = {
      ...createEngineActivities({
        dataSource: app,
        channels: this.channels,
        calendar,
        looksMs: config.worker.reconcileAfterMs,
        log: (event, detail) => logger.warn({ event, ...detail }, 'A limit of a provider.'),
        publicUrl: config.api.publicUrl,
      }),
      ...createReconcileActivities({
        dataSource: app,
        channels: this.channels,
        resend: config.worker.resendUnknown,
      }),
      ...createWebhookActivities({ dataSource: app, allowPrivate: config.worker.allowPrivateWebhooks }),
    };
    this.workers = await createWorkers({
      connection: native,
      namespace: config.temporal.namespace,
      activities,
      limits: config.worker,
      logger,
    });
    this.running = this.workers.map((worker) => worker.run());
    const stopped = Promise.all(this.running);
    // Who started the process is told of a failure when everything has begun.
    stopped.catch(() => undefined);
    this.relay = new Relay({
      system,
      systemUrl: config.database.systemUrl,
      temporal: client,
      log: (message, detail) => logger.warn(detail ?? {}, message),
    });
    await this.relay.start();
    await this.applyWhatComes({ dataSource: app, system }, calendar);
    this.readMail({ app, system });
    return { stopped };
  }

  /** Receipts, and what customers write, which the API stores; what waits for the release of an emergency stop, and who moves to another version. */
  private async applyWhatComes(deps: ApplyDeps, calendar: WorkingCalendar): Promise<void> {
    const { config, logger } = this;
    const loopOf = (channel: string, complaint: string, drain: WorkLoopOptions['drain']): WorkLoop =>
      new WorkLoop({
        url: config.database.systemUrl,
        channel,
        drain,
        complaint: `${complaint}; nothing is lost, it tries again.`,
        log: (message, detail) => logger.warn(detail ?? {}, message),
      });
    const allOf = (apply: (deps: ApplyDeps) => Promise<number>): WorkLoopOptions['drain'] => {
      const setbacks = new Setbacks((error, pause) =>
        logger.warn(
          { error: nameOf(error), pause },
          'One could not be applied; nothing is lost, it is tried again.',
        ),
      );
      return async (signal) => {
        while (!signal.aborted && (await apply({ ...deps, setbacks })) > 0);
      };
    };
    // Once a second, as the loop comes round; never until nothing waits.
    const release = async (): Promise<void> => {
      await releaseWaiting({ ...deps, perSecond: config.worker.releasePerSecond });
    };
    const move: WorkLoopOptions['drain'] = async (signal) => {
      while (!signal.aborted && (await moveWaiting({ ...deps, calendar })) > 0);
    };
    this.loops = [
      loopOf(RECEIPTS_CHANNEL, 'Receipts could not be applied', allOf(applyWaiting)),
      loopOf(INBOUND_CHANNEL, 'Messages that came in could not be applied', allOf(applyWaitingInbound)),
      loopOf(MOVE_CHANNEL, 'Enrolments could not be moved to another version', move),
      loopOf(RELEASE_CHANNEL, 'What waits for a release could not be woken', release),
    ];
    await Promise.all(this.loops.map((loop) => loop.start()));
  }

  /** Where an installation has a mailbox. */
  private readMail(sources: { app: DataSource; system: DataSource }): void {
    const { config, logger } = this;
    if (!config.imap) return;
    const log: MailboxReaderOptions['log'] = (message, detail) => logger.warn(detail, message);
    this.mailbox = new MailboxReader({ ...sources, mailbox: createImapMailbox(config.imap), log });
    this.mailbox.start();
  }

  /** What a sweep needs; undefined until everything is connected. */
  sweepDeps(): SweepDeps | undefined {
    return this.system && this.connections
      ? {
          system: this.system,
          temporal: this.connections.client,
          looksMs: this.config.worker.reconcileAfterMs,
        }
      : undefined;
  }

  /** What the work of the night needs; undefined until everything is connected. */
  nightDeps(): NightDeps | undefined {
    const { app, system, calendar, logger } = this;
    const log: NightDeps['log'] = (message, detail) => logger.info(detail, message);
    return app && system && calendar ? { dataSource: app, system, calendar, log } : undefined;
  }

  /** What polling for receipts needs; undefined until everything is connected. */
  pollDeps(): PollDeps | undefined {
    const { app, system, channels } = this;
    return app && system && channels ? { dataSource: app, system, channels } : undefined;
  }

  /** Takes no new work, lets what runs come to its end, then lets go of everything. */
  async onApplicationShutdown(): Promise<void> {
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all([this.relay?.stop(), this.mailbox?.stop(), ...this.loops.map((loop) => loop.stop())]);
    await Promise.allSettled(this.running);
    await this.connections?.client.connection.close();
    await this.connections?.native.close();
    await this.channels?.close();
    await Promise.all(this.sources.map((source) => source.destroy()));
  }

  private async open(role: 'app' | 'system', url: string, poolSize?: number): Promise<DataSource> {
    const source = await openDataSource({
      url,
      role,
      applicationName: `kindly-worker-${role}`,
      poolSize,
      patienceMs: PATIENCE_MS,
      onWait: ({ message }) => this.logger.warn(`${message} Trying again; nothing is lost meanwhile.`),
    });
    this.sources.push(source);
    return source;
  }
}
