import { createWriteStream } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { migrate } from '#store/migrate.js';
import { urlAs } from '#store/provision.js';
import {
  freePort,
  lendDirectory,
  rolePasswords,
  startPostgres,
  startTemporal,
  statePath,
} from '#scripts/servers.mjs';
import { startProgram } from '#scripts/support/program.mjs';
import { type Break, breakBuild } from './broken.js';
import { OBSERVER_SETTINGS } from './observer.js';
import { PARTS, type Part } from './plan.js';
import type { Senders } from './senders.js';
import { type RunningService, Service } from './service.js';

/** What the installation is called outside: letters link to it, and providers sign what they tell it. */
export const PUBLIC_URL = 'https://kindly.example';

export const ROOT_KEY = 'root-key-of-the-chaos-suite-with-enough-characters';

/**
 * What is committed survives a SIGKILL without a disk that is waited for: it is in the kernel's hands. Not so with
 * `synchronous_commit` off, which keeps it in the server's own memory for a while.
 */
const POSTGRES_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  log_min_messages: 'fatal',
  ...OBSERVER_SETTINGS,
};

/** Looked for quickly, so that a run ends: the rules are the same. */
const RECONCILE_AFTER = 'PT3S,PT8S,PT15S';

export interface ChaosStackOptions {
  name: string;
  broken: Break | null;
  say: (line: string) => void;
}

/** The product's own processes and their servers, each on its port and its data for as long as the run takes. */
export class ChaosStack {
  private readonly services = new Map<Part, Service>();
  private readonly directory: { directory: string; remove(): void };
  private readonly tell: (line: string) => void;
  private program = 'dist';
  private dropCluster: () => Promise<void> = () => Promise.resolve();
  databaseUrl = '';
  temporalAddress = '';
  apiUrl = '';

  constructor(private readonly options: ChaosStackOptions) {
    this.directory = lendDirectory(statePath('tmp', options.name));
    const log = createWriteStream(`${this.directory.directory}/programs.log`);
    this.tell = (line) => void log.write(`${line}\n`);
  }

  /** The port that the API will have: its providers have to know where to tell. */
  async reserveApi(): Promise<string> {
    this.apiUrl = `http://127.0.0.1:${await freePort(0)}`;
    return this.apiUrl;
  }

  async start(senders: Senders): Promise<void> {
    const { broken, say } = this.options;
    const { directory } = this.directory;
    if (broken) {
      const checkout = statePath('..');
      this.program = relative(checkout, `${breakBuild(checkout, `${directory}/broken`, broken)}/dist`);
    }
    await Promise.all([this.startPostgres(directory), this.startTemporal(directory)]);
    await migrate(this.databaseUrl, { passwords: rolePasswords() });
    const url = new URL(this.apiUrl);
    const env = { ...this.environment(), PORT: url.port, HOST: url.hostname, KINDLY_PUBLIC_URL: PUBLIC_URL };
    const worker = (by: 'sendgrid' | 'smtp') => () =>
      startProgram(
        `worker by ${by}`,
        `${this.program}/apps/worker/main.js`,
        {
          ...env,
          ...senders.environment(PUBLIC_URL, by),
        },
        this.tell,
      );
    this.add('worker-1', worker('sendgrid'));
    this.add('worker-2', worker('smtp'));
    this.add('api', () =>
      startProgram(
        'api',
        `${this.program}/apps/api/main.js`,
        {
          ...env,
          ...senders.environment(PUBLIC_URL, 'sendgrid'),
        },
        this.tell,
      ),
    );
    await Promise.all((['worker-1', 'worker-2', 'api'] as const).map((part) => this.service(part).start()));
    say('everything is up');
  }

  async kill(part: Part, downMs: number): Promise<void> {
    const service = this.service(part);
    await service.kill();
    await pause(downMs);
    await service.start();
  }

  /** Lets what runs come to its end and begins nothing more: what is judged must stand still. */
  async quieten(): Promise<void> {
    await Promise.all((['worker-1', 'worker-2', 'api'] as const).map((part) => this.service(part).stop()));
  }

  /** How often each ended though nobody had killed it. */
  endings(): Record<string, number> {
    return Object.fromEntries(PARTS.map((part) => [part, this.services.get(part)?.ended ?? 0]));
  }

  async stop(): Promise<void> {
    for (const part of ['api', 'worker-1', 'worker-2'] as const) await this.services.get(part)?.kill();
    for (const part of ['temporal', 'postgres'] as const) await this.services.get(part)?.stop();
    await this.dropCluster();
    this.directory.remove();
  }

  private add(part: Part, begin: () => Promise<RunningService>): void {
    this.services.set(part, new Service(part, begin, this.options.say));
  }

  private service(part: Part): Service {
    const service = this.services.get(part);
    if (!service) throw new Error(`${part} was never started.`);
    return service;
  }

  private async startPostgres(directory: string): Promise<void> {
    const options = {
      directory: `${directory}/postgres`,
      durable: true,
      settings: POSTGRES_SETTINGS,
      log: this.tell,
    };
    const first = await startPostgres({ ...options, port: await freePort(0), ephemeral: true });
    const { port } = first;
    if (port === undefined) throw new Error('Chaos kills its servers; unset DATABASE_URL.');
    this.databaseUrl = first.url;
    // Its directory goes with the first of its servers.
    this.dropCluster = () => first.stop();
    await this.keep('postgres', first, () => onPort(port, () => startPostgres({ ...options, port })));
  }

  private async startTemporal(directory: string): Promise<void> {
    const options = {
      dbFile: `${directory}/temporal.db`,
      logFile: `${directory}/temporal.log`,
      log: this.tell,
    };
    const first = await startTemporal({ ...options, port: await freePort(0) });
    const { port } = first;
    if (port === undefined) throw new Error('Chaos kills its servers; unset TEMPORAL_ADDRESS.');
    this.temporalAddress = `127.0.0.1:${port}`;
    await this.keep('temporal', first, () => onPort(port, () => startTemporal({ ...options, port })));
  }

  /** The first one runs already. */
  private async keep(part: Part, first: RunningService, again: () => Promise<RunningService>): Promise<void> {
    let next: RunningService | undefined = first;
    this.add(part, async () => {
      const given = next;
      next = undefined;
      return given ?? again();
    });
    await this.service(part).start();
  }

  private environment(): Record<string, string> {
    const passwords = rolePasswords();
    return {
      DATABASE_URL: '',
      DATABASE_APP_URL: urlAs(this.databaseUrl, 'kindly_app', passwords.appPassword),
      DATABASE_SYSTEM_URL: urlAs(this.databaseUrl, 'kindly_system', passwords.systemPassword),
      TEMPORAL_ADDRESS: this.temporalAddress,
      TEMPORAL_NAMESPACE: 'default',
      KINDLY_ROOT_KEY: ROOT_KEY,
      KINDLY_RECONCILE_AFTER: RECONCILE_AFTER,
      KINDLY_RESEND_UNKNOWN: 'telegram',
      // What a small machine is given: a development server of Temporal chokes on more at once.
      KINDLY_MAX_ACTIVITIES: '12',
      KINDLY_MAX_WORKFLOW_TASKS: '8',
      LOG_LEVEL: 'warn',
    };
  }
}

/** The same port as before: the last children of what was killed may hold it for a moment. */
async function onPort<S extends RunningService & { port?: number }>(
  port: number,
  start: () => Promise<S>,
): Promise<S> {
  const server = await start();
  if (server.port === port) return server;
  await server.stop();
  throw new Error(`port ${port} is taken`);
}
