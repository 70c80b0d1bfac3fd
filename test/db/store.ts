import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { Organisation } from '#store/entities/index.js';
import { withSystem } from '#store/with-organisation.js';
import { testDatabase } from '#test/support/database.js';
import type { TestDatabase } from '#test/support/database.js';

/** A database of this spec file and connections of the two roles of the application. */
export interface TestStore {
  database: TestDatabase;
  app: DataSource;
  system: DataSource;
  close(): Promise<void>;
}

export const openTestStore = async (poolSize = 4): Promise<TestStore> => {
  const database = await testDatabase();
  const app = await openDataSource({ url: database.appUrl, role: 'app', poolSize });
  const system = await openDataSource({ url: database.systemUrl, role: 'system', poolSize: 2 });
  const close = async (): Promise<void> => {
    await Promise.all([app.destroy(), system.destroy()]);
    await database.drop();
  };
  return { database, app, system, close };
};

/** @returns its id */
export const createOrganisation = async (
  system: DataSource,
  overrides: Partial<Pick<Organisation, 'name' | 'kind' | 'clockNow'>> = {},
): Promise<string> =>
  withSystem(system, async (manager) => {
    const organisation = manager.create(Organisation, { name: 'Acme', kind: 'live', ...overrides });
    return (await manager.save(organisation)).id;
  });
