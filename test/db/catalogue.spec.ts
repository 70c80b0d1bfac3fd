import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { plannedByKey, tenantPolicies } from '#store/row-level-security.js';
import { testDatabase } from '#test/support/database.js';
import type { TestDatabase } from '#test/support/database.js';
import { tenancyProblems } from './catalogue.js';

let database: TestDatabase;
let owner: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  owner = await openDataSource({ url: database.ownerUrl, role: 'owner' });
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

/** The problems of a database in which these statements were run as well; undone afterwards. */
const problemsWith = async (...statements: string[]): Promise<string[]> => {
  const runner = owner.createQueryRunner();
  await runner.query('begin');
  try {
    for (const statement of statements) await runner.query(statement);
    return await tenancyProblems(runner);
  } finally {
    await runner.query('rollback');
    await runner.release();
  }
};

const COLUMNS = 'organisation_id uuid not null references organisation, id uuid not null, customer_id uuid';
const WELL_KEPT = [...tenantPolicies('good'), ...plannedByKey('good')];
const GOOD = `create table good (${COLUMNS}, primary key (organisation_id, id))`;

describe('the migrated database', () => {
  it('keeps every promise about tenancy', async () => {
    await expect(problemsWith()).resolves.toEqual([]);
  });

  it('keeps them with another table that is made as it should be', async () => {
    await expect(problemsWith(GOOD, ...WELL_KEPT)).resolves.toEqual([]);
  });
});

describe('the walk reports', () => {
  it('a table without an organisation', async () => {
    const problems = await problemsWith('create table bad (id uuid primary key)');
    expect(problems).toContainEqual(expect.stringContaining('bad: has a column organisation_id'));
  });

  it('a table without row-level security', async () => {
    const problems = await problemsWith(GOOD, ...plannedByKey('good'));
    expect(problems).toEqual([
      expect.stringContaining('good: has row-level security'),
      expect.stringContaining('good: shows the app role the rows'),
    ]);
  });

  it('a table whose plans follow what was known of other organisations', async () => {
    await expect(problemsWith(GOOD, ...tenantPolicies('good'))).resolves.toEqual([
      expect.stringContaining('good: is planned by its keys'),
    ]);
  });

  it('row-level security that is not forced', async () => {
    const problems = await problemsWith(GOOD, ...WELL_KEPT, 'alter table good no force row level security');
    expect(problems).toEqual([expect.stringContaining('good: has row-level security')]);
  });

  it.each([
    ['for the app role', 'create policy wide on customer to kindly_app using (true)'],
    ['for everybody', 'create policy wide on customer using (true) with check (true)'],
    [
      'that checks reading alone',
      `create policy wide on customer to kindly_app
       using (organisation_id = nullif(current_setting('app.organisation', true), '')::uuid) with check (true)`,
    ],
  ])('a policy %s that shows more', async (_which, statement) => {
    await expect(problemsWith(statement)).resolves.toEqual([
      expect.stringContaining('customer, policy wide: shows'),
    ]);
  });

  it('a primary key that does not begin with the organisation', async () => {
    const bad = `create table good (${COLUMNS}, primary key (id, organisation_id))`;
    const problems = await problemsWith(bad, ...WELL_KEPT);
    expect(problems).toEqual([expect.stringContaining('good: has a primary key')]);
  });

  it('an index that is unique over all organisations', async () => {
    const problems = await problemsWith('create unique index everywhere on customer (external_id)');
    expect(problems).toEqual([expect.stringContaining('customer, index everywhere: has organisation_id')]);
  });

  it('a foreign key that leaves the organisation out', async () => {
    const problems = await problemsWith(
      GOOD,
      ...WELL_KEPT,
      'alter table customer add constraint alone unique (id)',
      'alter table good add constraint loose foreign key (customer_id) references customer (id)',
    );
    expect(problems).toContainEqual(expect.stringContaining('good, constraint loose: refers'));
  });

  it('a foreign key that maps the organisation to something else', async () => {
    const problems = await problemsWith(
      GOOD,
      ...WELL_KEPT,
      'alter table customer add constraint crossed unique (id, organisation_id)',
      `alter table good add constraint crossed
       foreign key (organisation_id, customer_id) references customer (id, organisation_id)`,
    );
    expect(problems).toEqual([expect.stringContaining('good, constraint crossed: refers')]);
  });

  it('a view and a function that run as their owner', async () => {
    const problems = await problemsWith(
      'create view peephole as select * from customer',
      `create function backdoor() returns int language sql security definer return 1`,
    );
    expect(problems).toEqual([
      expect.stringContaining('backdoor: is not got around'),
      expect.stringContaining('peephole: is not got around'),
    ]);
  });

  it('a grant to everybody', async () => {
    const problems = await problemsWith('grant select on customer to public');
    expect(problems).toEqual([expect.stringContaining('customer: grants nothing')]);
  });
});
