import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDataSource } from '#store/data-source.js';
import { migrate } from '#store/migrate.js';
import { migrations } from '#store/migrations/index.js';
import { withSystem } from '#store/with-organisation.js';
import { emptyDatabase } from '#test/support/database.js';
import type { TestDatabase } from '#test/support/database.js';
import { createOrganisation } from './store.js';

const NAMES = migrations.map((migration) => new migration().name);

let database: TestDatabase;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.drop());

const asOwner = async <Row>(statement: string): Promise<Row[]> => {
  const owner = await openDataSource({ url: database.ownerUrl, role: 'owner' });
  try {
    return await owner.query<Row[]>(statement);
  } finally {
    await owner.destroy();
  }
};

const tables = async (): Promise<string[]> => {
  const rows = await asOwner<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  return rows.map(({ name }) => name).sort();
};

describe('migrations', () => {
  it('run as an owner who is no superuser and cannot skip row-level security', async () => {
    await expect(migrate(database.ownerUrl)).resolves.toEqual(NAMES);
    const roles = await asOwner('select rolsuper, rolbypassrls from pg_roles where rolname = current_user');
    expect(roles).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  });

  it('run once: a second time they find nothing to do, and say so', async () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    await migrate(database.ownerUrl, { log });
    await expect(migrate(database.ownerUrl, { log })).resolves.toEqual([]);
    expect(lines).toEqual([...NAMES.map((name) => `Migrated: ${name}.`), 'The database is up to date.']);
  });

  it('started twice at once run once', async () => {
    const ran = await Promise.all([migrate(database.ownerUrl), migrate(database.ownerUrl)]);
    expect(ran.sort((a, b) => a.length - b.length)).toEqual([[], NAMES]);
  });

  it('can be undone and run again', async () => {
    await migrate(database.ownerUrl);
    const migrated = await tables();
    const owner = await openDataSource({ url: database.ownerUrl, role: 'owner' });
    for (let undone = 0; undone < NAMES.length; undone += 1)
      await owner.undoLastMigration({ transaction: 'all' });
    await owner.destroy();
    await expect(tables()).resolves.toEqual(['schema_migration']);
    await expect(migrate(database.ownerUrl)).resolves.toEqual(NAMES);
    await expect(tables()).resolves.toEqual(migrated);
  });

  it('refuse to run as a role of the application, which must own nothing', async () => {
    await expect(migrate(database.appUrl)).rejects.toThrow(
      'Migrate as the owner of the database, not as kindly_app',
    );
    await expect(tables()).resolves.toEqual([]);
  });
});

describe('a backfill by the owner', () => {
  const fill = async (): Promise<void> => {
    await migrate(database.ownerUrl);
    const system = await openDataSource({ url: database.systemUrl, role: 'system' });
    await createOrganisation(system, { name: 'A' });
    await createOrganisation(system, { name: 'B' });
    await system.destroy();
  };
  const backfill = async (): Promise<number> => {
    const [, affected] = (await asOwner<unknown>(`update organisation set zone = 'Europe/Berlin'`)) as [
      unknown,
      number,
    ];
    return affected;
  };

  it('touches every row, though row-level security is forced on the owner', async () => {
    await fill();
    await expect(backfill()).resolves.toBe(2);
  });

  it('would silently touch none without the policy of its own', async () => {
    await fill();
    await asOwner('drop policy migration on organisation');
    await expect(backfill()).resolves.toBe(0);
  });
});

describe('the roles', () => {
  it('keep the password they accept, and are given to no owner who may not change them', async () => {
    const passwords = { appPassword: new URL(database.appUrl).password, systemPassword: 'of somebody else' };
    await expect(migrate(database.ownerUrl, { passwords })).rejects.toThrow(
      'The role kindly_system exists, but the migration owner may not change it',
    );
    const system = await openDataSource({ url: database.systemUrl, role: 'system' });
    await expect(withSystem(system, (manager) => manager.query('select current_user'))).resolves.toEqual([
      { current_user: 'kindly_system' },
    ]);
    await system.destroy();
  });
});
