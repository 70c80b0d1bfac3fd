import { readConfig } from '#config/config.js';
import { migrate } from '#store/migrate.js';
import { UserError } from '../user-error.js';

/** Brings the schema up to date; the roles' passwords come from the environment. */
export async function migrateDatabase(): Promise<void> {
  const { database } = readConfig();
  if (!database.ownerUrl)
    throw new UserError('Set DATABASE_URL to the owner of the database: only that role migrates.');
  const ran = await migrate(database.ownerUrl, {
    passwords: database.passwords,
    log: (line: string) => console.error(line),
  });
  console.error(ran.length === 0 ? 'The database schema is up to date.' : `Ran ${ran.length} migrations.`);
}
