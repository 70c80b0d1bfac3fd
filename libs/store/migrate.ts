import type { DataSource } from 'typeorm';
import { openDataSource } from './data-source.js';
import { provisionRoles } from './provision.js';
import type { RolePasswords } from './provision.js';
import { APP_ROLE, SYSTEM_ROLE } from './row-level-security.js';

export interface MigrateOptions {
  /** Hears a line for each thing done. */
  log?: (line: string) => void;
  /** Also creates the roles, or sets their passwords, before migrating. */
  passwords?: RolePasswords;
}

/** Any number that nothing else in this database locks. */
const LOCK = 1_764_000_000;

/** Session-level, on a connection of its own: each migration has its own transaction, and the lock outlasts them. */
const locked = async <T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> => {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [LOCK]);
    return await work();
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [LOCK]);
    await runner.release();
  }
};

/** Tables owned by a role of the application would let it drop its own policies. */
const refuseAppRole = async (dataSource: DataSource): Promise<void> => {
  const rows = await dataSource.query<{ name: string }[]>('select current_user as name');
  const name = rows[0]?.name ?? '';
  if (![APP_ROLE, SYSTEM_ROLE].includes(name)) return;
  throw new Error(`Migrate as the owner of the database, not as ${name}: it must own nothing.`);
};

const runPending = async (dataSource: DataSource): Promise<string[]> => {
  const ran = await dataSource.runMigrations({ transaction: 'all' });
  return ran.map(({ name }) => name);
};

/**
 * Runs the migrations that have not run yet, all of them or none; two at once wait for each other.
 * @param ownerUrl a user who may create tables; need not be a superuser
 * @returns the names of those that ran
 */
export const migrate = async (ownerUrl: string, options: MigrateOptions = {}): Promise<string[]> => {
  const log = options.log ?? (() => undefined);
  if (options.passwords) {
    await provisionRoles(ownerUrl, options.passwords);
    log(`Roles ${APP_ROLE} and ${SYSTEM_ROLE} are ready.`);
  }
  const dataSource = await openDataSource({
    url: ownerUrl,
    role: 'owner',
    applicationName: 'kindly-migrate',
  });
  try {
    await refuseAppRole(dataSource);
    const ran = await locked(dataSource, () => runPending(dataSource));
    for (const name of ran) log(`Migrated: ${name}.`);
    if (ran.length === 0) log('The database is up to date.');
    return ran;
  } finally {
    await dataSource.destroy();
  }
};
