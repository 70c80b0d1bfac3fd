/** What a program needs that runs servers of its own and ends them as it likes, as the chaos suite does. */
export { startPostgres } from './postgres.mjs';
export { freePort } from './support/ports.mjs';
export { lendDirectory, reapOrphans } from './support/processes.mjs';
export { rolePasswords } from './support/passwords.mjs';
export { statePath } from './support/paths.mjs';
export { startTemporal } from './temporal.mjs';
