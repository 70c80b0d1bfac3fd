import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Logger } from '#observability/logger.js';
import { DatabaseUnreachableError, openDataSource } from '#store/data-source.js';
import type { StoreOptions } from '#store/data-source.js';
import { Problem } from './problem.js';
import { LOGGER, SETTINGS } from './settings.js';
import type { ApiSettings } from './settings.js';

const PAUSE_MS = 3_000;

/** Of the tries that fail, every tenth is told: twice a minute. */
const TOLD = 10;

interface Sources {
  app: DataSource;
  system: DataSource;
}

/**
 * The two connections to PostgreSQL. The API starts without them and answers 503 until they are there: a database
 * that starts later, or comes back, needs no restart.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private sources: Sources | undefined;
  private readonly stopping = new AbortController();
  private connecting: Promise<void> | undefined;
  private failures = 0;

  constructor(
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One organisation at a time, under row-level security. */
  get app(): DataSource {
    return this.connected().app;
  }

  /** Key look-up, creation of organisations. */
  get system(): DataSource {
    return this.connected().system;
  }

  /** Resolves after the first try; when that failed, others follow until the database is there. */
  async start(): Promise<void> {
    if (await this.tryToConnect()) return;
    this.connecting = this.keepTrying();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.connecting;
    await Promise.all([this.sources?.app.destroy(), this.sources?.system.destroy()]);
  }

  private connected(): Sources {
    if (this.sources) return this.sources;
    throw new Problem('database-unavailable', 'PostgreSQL has not been reached since the start.', {
      retryAfter: PAUSE_MS / 1_000,
    });
  }

  private async keepTrying(): Promise<void> {
    while (!this.stopping.signal.aborted && !(await this.tryToConnect())) {
      await sleep(PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async tryToConnect(): Promise<boolean> {
    try {
      const { appDatabaseUrl: url, poolSize } = this.settings;
      const app = await open({ url, role: 'app', poolSize });
      this.sources = { app, system: await this.openSystem(app) };
      if (this.failures > 0) this.logger.info('PostgreSQL is there.');
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseUnreachableError)) throw error;
      if (this.failures % TOLD === 0) {
        this.logger.warn(`${error.message} Trying again every ${PAUSE_MS / 1_000} s.`);
      }
      this.failures += 1;
      return false;
    }
  }

  private async openSystem(app: DataSource): Promise<DataSource> {
    try {
      return await open({ url: this.settings.systemDatabaseUrl, role: 'system' });
    } catch (error) {
      await app.destroy();
      throw error;
    }
  }
}

const open = (options: StoreOptions): Promise<DataSource> =>
  openDataSource({ ...options, applicationName: `kindly-api-${options.role}`, patienceMs: 0 });
