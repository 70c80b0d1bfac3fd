import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from './database.js';
import { addressOfRun } from './temporal-address.js';

const PROGRAM = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));

export interface CliRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `kindly` as a process of its own, compiled, against the servers of the test run. */
export const runCli = (database: Pick<TestDatabase, 'ownerUrl'>, ...args: string[]): Promise<CliRun> => {
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: database.ownerUrl,
    KINDLY_APP_PASSWORD: process.env['KINDLY_APP_PASSWORD'] ?? 'app-of-tests',
    KINDLY_SYSTEM_PASSWORD: process.env['KINDLY_SYSTEM_PASSWORD'] ?? 'system-of-tests',
    TEMPORAL_ADDRESS: addressOfRun(),
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--enable-source-maps', PROGRAM, ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
      },
    );
  });
};
