import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { emptyDatabase, testDatabase } from '#test/support/database.js';
import type { TestDatabase } from '#test/support/database.js';

/** What TypeORM has no words for, so that the entity can only say that it exists. */
const UNSPEAKABLE = ['outbox_claim', 'suppression_active', 'installation_stop_standing'];

const OF_TENANTS = `c.relnamespace = 'public'::regnamespace and c.relname not in ('schema_migration', 'typeorm_metadata')`;

/** Each gives a line for each thing of a schema, as PostgreSQL itself writes it. */
const DESCRIPTIONS = {
  columns: `
    select format('%s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
             case when a.attnotnull then ' not null' end, ' default ' || pg_get_expr(d.adbin, d.adrelid),
             case when a.attidentity <> '' then ' identity ' || a.attidentity::text end) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and ${OF_TENANTS}`,
  constraints: `
    select format('%s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid where k.contype <> 'n' and ${OF_TENANTS}`,
  indexes: `
    select pg_get_indexdef(i.indexrelid) as line
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
    where x.relname <> all ('{${UNSPEAKABLE.join(',')}}') and ${OF_TENANTS}`,
};

/** `in ('a', 'b')` is a set: the order in which entity and migration write it means nothing. */
const withSortedSets = (line: string): string =>
  line.replace(/ARRAY\[(.*?)\]/g, (_all, values: string) => `ARRAY[${values.split(', ').sort().join(', ')}]`);

describe('the entities', () => {
  let databases: TestDatabase[];
  let migrated: DataSource;
  let synchronised: DataSource;

  beforeAll(async () => {
    databases = [await testDatabase(), await emptyDatabase()];
    const [first, second] = databases.map(({ ownerUrl }) => openDataSource({ url: ownerUrl, role: 'owner' }));
    [migrated, synchronised] = [await first!, await second!];
    await synchronised.synchronize();
  });
  afterAll(async () => {
    await Promise.all([migrated.destroy(), synchronised.destroy()]);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('leave TypeORM nothing to change in the migrated schema', async () => {
    const { upQueries } = await migrated.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  // TypeORM compares checks and partial indexes by their names alone; PostgreSQL compares what they say.
  it.each(Object.entries(DESCRIPTIONS))('describe the same %s as the migrations', async (_kind, query) => {
    const describe = async (dataSource: DataSource): Promise<string[]> => {
      const rows = await dataSource.query<{ line: string }[]>(query);
      return rows.map(({ line }) => withSortedSets(line)).sort();
    };
    const lines = await describe(synchronised);
    expect(lines.length).toBeGreaterThan(30);
    expect(lines).toEqual(await describe(migrated));
  });
});
