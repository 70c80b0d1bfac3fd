import type { PostgresServer, RolePasswords, TemporalServer } from './infrastructure.mjs';

export interface PostgresOptions {
  directory: string;
  /** The first to try; 0 for any. */
  port?: number;
  durable?: boolean;
  /** Removes the directory when the server was stopped or this process has ended. */
  ephemeral?: boolean;
  settings?: Record<string, string>;
  log?: (line: string) => void;
}

export function startPostgres(options: PostgresOptions): Promise<PostgresServer>;

/** Without `dbFile` it keeps everything in memory. */
export function startTemporal(options: {
  dbFile?: string;
  logFile: string;
  port?: number;
  log?: (line: string) => void;
}): Promise<TemporalServer>;

/** The first port from `preferred` upwards that nothing listens on; 0 for any. */
export function freePort(preferred: number): Promise<number>;

/** A directory that is removed when this process has ended; `remove` does it now. */
export function lendDirectory(directory: string): { directory: string; remove(): void };

/** Ends what earlier owners left behind when they were killed. */
export function reapOrphans(options?: { log?: (line: string) => void }): Promise<void>;

export function rolePasswords(): RolePasswords;

/** A path below the checkout's `.kindly`. */
export function statePath(...parts: string[]): string;
