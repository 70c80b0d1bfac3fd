import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/apps/worker/main.js', import.meta.url));

/** The product's worker as a process of its own, compiled. */
export class WorkerProcess {
  /** What it wrote, on either stream. */
  readonly lines: string[] = [];
  private readonly heard = new Set<(line: string) => void>();
  private readonly exited: Promise<{ code: number | null; signal: string | null }>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.hear(line));
    }
    this.exited = once(child, 'exit').then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }));
  }

  /** @param env everything the process sees, besides the path */
  static start(env: Record<string, string>): WorkerProcess {
    const child = spawn(process.execPath, [PROGRAM], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new WorkerProcess(child);
  }

  /** Waits for a line; fails with everything it said when the process ends first. */
  says(what: RegExp): Promise<string> {
    const said = this.lines.find((line) => what.test(line));
    if (said !== undefined) return Promise.resolve(said);
    return new Promise((resolve, reject) => {
      const listen = (line: string): void => {
        if (!what.test(line)) return;
        this.heard.delete(listen);
        resolve(line);
      };
      this.heard.add(listen);
      void this.exited.then(() =>
        reject(new Error(`The worker ended without saying ${String(what)}:\n${this.lines.join('\n')}`)),
      );
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  ended(): Promise<{ code: number | null; signal: string | null }> {
    return this.exited;
  }

  /** However it is: gone afterwards. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.exited;
  }

  private hear(line: string): void {
    this.lines.push(line);
    for (const listen of this.heard) listen(line);
  }
}
