import { startPostgres } from '../postgres.mjs';
import { startTemporal } from '../temporal.mjs';
import { statePath } from './paths.mjs';

/** The lock on the servers whose data the checkout keeps: held by whoever runs them. */
export const SERVERS_LOCK = 'servers';

/** @param {import('./progress.mjs').Log} log @param {number} [port] */
export const startLastingPostgres = (log, port) =>
  startPostgres({ directory: statePath('postgres'), port, log });

/** @param {import('./progress.mjs').Log} log @param {number} [port] */
export const startLastingTemporal = (log, port) =>
  startTemporal({
    dbFile: statePath('temporal', 'temporal.db'),
    logFile: statePath('temporal', 'temporal.log'),
    port,
    log,
  });
