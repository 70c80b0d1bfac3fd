import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Runs a command in the checkout to its end, its output on our standard error.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}  its exit code; 1 when a signal ended it
 */
export function runToEnd(command, args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
    child.once('error', (error) =>
      reject(new Error(`${command} does not start: ${error.message}`, { cause: error })),
    );
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
