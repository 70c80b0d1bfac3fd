import { setTimeout as pause } from 'node:timers/promises';

export interface RunningService {
  pid?: number | undefined;
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

const TRIES = 20;
const PAUSE_MS = 500;

/** A process that is started, killed and started again; one that ends by itself is started again at once. */
export class Service {
  /** How often it ended though nobody had killed it. */
  ended = 0;
  private running: RunningService | undefined;
  private isWanted = false;

  constructor(
    readonly name: string,
    private readonly begin: () => Promise<RunningService>,
    private readonly say: (line: string) => void,
  ) {}

  async start(): Promise<void> {
    this.isWanted = true;
    for (let tries = 1; this.isWanted; tries += 1) {
      try {
        this.hold(await this.begin());
        return;
      } catch (error) {
        if (tries === TRIES) throw error;
        this.say(
          `${this.name} did not start (${error instanceof Error ? error.message.slice(0, 300) : ''}); again`,
        );
        await pause(PAUSE_MS);
      }
    }
  }

  /** By SIGKILL; back when it has ended. */
  async kill(): Promise<void> {
    this.isWanted = false;
    const { running } = this;
    this.running = undefined;
    if (running?.pid === undefined) return;
    process.kill(running.pid, 'SIGKILL');
    await running.exited;
  }

  async stop(): Promise<void> {
    this.isWanted = false;
    const { running } = this;
    this.running = undefined;
    await running?.stop();
  }

  private hold(running: RunningService): void {
    this.running = running;
    void running.exited.then(() => {
      if (this.running !== running) return;
      this.running = undefined;
      this.ended += 1;
      this.say(`${this.name} ended by itself`);
      void this.start().catch((error: unknown) => this.say(`${this.name}: ${String(error)}`));
    });
  }
}
