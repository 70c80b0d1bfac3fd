import { readFile } from 'node:fs/promises';
import { environmentSchema } from '#config/environment.js';
import { startProgram } from '#scripts/support/program.mjs';

/** A program in a process of its own, which ends with this one. */
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

/** An empty variable counts as none: nothing of the caller's, as a real account, is used. */
const NOTHING = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, '']));

/** Starts a compiled program and waits until it is ready. @param file relative to the checkout @throws with what it said */
export async function startProcess(
  name: string,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<BenchProcess> {
  const said: string[] = [];
  let hear = (line: string): void => void said.push(line);
  try {
    const program = await startProgram(name, file, { ...NOTHING, ...env }, (line) => hear(line));
    hear = () => undefined;
    return { memory: () => residentBytes(program.pid), stop: () => program.stop() };
  } catch (error) {
    throw new Error([(error as Error).message, ...said].join('\n'), { cause: error });
  }
}

const residentBytes = async (pid: number): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
