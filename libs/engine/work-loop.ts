import { setTimeout as sleep } from 'node:timers/promises';
import { type Listener, listen } from './listen.js';

export interface WorkLoopOptions {
  /** Where the database is, for LISTEN. */
  url: string;
  /** What wakes it; a poll every second finds what no notification announced. */
  channel: string;
  /** Works until nothing waits. @throws when it cannot: it is tried again, more and more seldom */
  drain: (signal: AbortSignal) => Promise<void>;
  /** What is logged when it cannot. */
  complaint: string;
  log: (message: string, detail?: Record<string, unknown>) => void;
}

const POLL_MS = 1_000;
const MAX_PAUSE_MS = 15_000;

/** Works off what waits in the database: at once when notified, soon in any case, and with patience when it cannot. */
export class WorkLoop {
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private loop: Promise<void> | undefined;
  private listener: Listener | undefined;

  constructor(private readonly options: WorkLoopOptions) {}

  async start(): Promise<void> {
    const { url, channel, log } = this.options;
    this.listener = await listen(url, channel, () => this.wake(), log);
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await this.listener?.close();
  }

  private async run(): Promise<void> {
    const { drain, complaint, log } = this.options;
    const { signal } = this.stopping;
    let pause = POLL_MS;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        await drain(signal);
        pause = POLL_MS;
        await this.idle(pause, woken);
      } catch (error) {
        log(complaint, { error: nameOf(error), pause });
        pause = Math.min(pause * 2, MAX_PAUSE_MS);
        await this.idle(pause, new Promise(() => undefined));
      }
    }
  }

  /** Waits for a notification, at most so long, and no longer than until it is stopped. */
  private async idle(milliseconds: number, woken: Promise<void>): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, over.signal]);
    await Promise.race([woken, sleep(milliseconds, undefined, { signal }).catch(() => undefined)]);
    over.abort();
  }
}

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
