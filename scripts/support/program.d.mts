import type { Running } from './keep-running.mjs';

/**
 * One of Kindly's own long-running programs, its output on standard error behind its name, or wherever `tell` brings it;
 * back when it serves.
 */
export function startProgram(
  name: string,
  file: string,
  env: NodeJS.ProcessEnv,
  tell?: (line: string) => void,
): Promise<Running & { pid: number }>;

/** One of Kindly's commands, run to its end or until the signal. @returns its exit code */
export function runCommand(args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number>;
