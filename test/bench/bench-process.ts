import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A program in a process of its own. */
export interface BenchProcess {
  /** Resident memory in bytes. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

/** Runs the work beside such processes, and stops them however it ends. */
export async function during<T>(
  starts: readonly (() => Promise<BenchProcess>)[],
  work: () => Promise<T>,
): Promise<T> {
  const started: BenchProcess[] = [];
  try {
    for (const start of starts) started.push(await start());
    return await work();
  } finally {
    await Promise.all(started.map((each) => each.stop()));
  }
}

/** Starts a compiled program and waits until it says that it is ready. @param ready what it says then */
export async function startProcess(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  ready: string,
): Promise<BenchProcess> {
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  await says(child, ready);
  child.stderr?.resume();
  child.stdout?.resume();
  return {
    memory: async () =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    stop: () => stop(child),
  };
}

function says(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const onLine = (line: string): void => {
      lines.push(line);
      if (line.includes(what)) resolve();
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine);
    }
    child.once('exit', (code) =>
      reject(new Error(`${child.spawnargs[1] ?? ''} ended (${code}):\n${lines.join('\n')}`)),
    );
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
