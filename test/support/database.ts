import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '#store/migrate.js';
import { provisionRoles, urlAs } from '#store/provision.js';
import { APP_ROLE, SYSTEM_ROLE } from '#store/row-level-security.js';

/** A database of one spec file, on a server of the test run. */
export interface TestDatabase {
  /** As the owner of the tables, who is no superuser. */
  ownerUrl: string;
  appUrl: string;
  systemUrl: string;
  /** Also ends whatever is still connected. */
  drop(): Promise<void>;
}

const OWNER = 'kindly_test_owner';
const OWNER_PASSWORD = 'owner-of-tests';

/** Roles belong to the whole server: where it serves more than these specs, all have to use the same passwords. */
const PASSWORDS = {
  appPassword: process.env['KINDLY_APP_PASSWORD'] ?? 'app-of-tests',
  systemPassword: process.env['KINDLY_SYSTEM_PASSWORD'] ?? 'system-of-tests',
};

/** Any number that nothing else on the test server locks. */
const TEMPLATE_LOCK = 1_764_000_001;

/**
 * A database with every migration run, of nobody else's. A copy of a template that the first caller of a server makes:
 * some 50 ms instead of a second.
 */
export const testDatabase = async (): Promise<TestDatabase> =>
  asSuperuser(async (superuser) => {
    const template = await ensureTemplate(superuser);
    return createDatabase(superuser, template);
  });

/** The same without a table in it: for specs about migrations. */
export const emptyDatabase = async (): Promise<TestDatabase> =>
  asSuperuser(async (superuser) => {
    // The roles of the cluster are made with the template.
    await ensureTemplate(superuser);
    return createDatabase(superuser, 'template1');
  });

const serverUrl = (): string => {
  const url = process.env['KINDLY_TEST_DATABASE_URL'];
  if (url) return url;
  throw new Error(
    'These specs need a PostgreSQL: run `npm test -- database`, which starts one, ' +
      'or set KINDLY_TEST_DATABASE_URL to the address of a superuser on a server you can spare.',
  );
};

const asSuperuser = async <T>(work: (superuser: pg.Client) => Promise<T>): Promise<T> => {
  const superuser = new pg.Client({ connectionString: serverUrl() });
  await superuser.connect();
  try {
    return await work(superuser);
  } finally {
    await superuser.end();
  }
};

const ownerUrlOf = (database: string): string => {
  const url = new URL(urlAs(serverUrl(), OWNER, OWNER_PASSWORD));
  url.pathname = `/${database}`;
  return url.href;
};

const createDatabase = async (superuser: pg.Client, template: string): Promise<TestDatabase> => {
  const name = `kindly_test_${randomBytes(6).toString('hex')}`;
  // Copying files takes a sixth of the time of writing the copy to the log, on a server that does not wait for the disk.
  await superuser.query(`create database ${name} template ${template} strategy file_copy owner ${OWNER}`);
  const ownerUrl = ownerUrlOf(name);
  return {
    ownerUrl,
    appUrl: urlAs(ownerUrl, APP_ROLE, PASSWORDS.appPassword),
    systemUrl: urlAs(ownerUrl, SYSTEM_ROLE, PASSWORDS.systemPassword),
    drop: () =>
      asSuperuser(async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
};

/** Changes with every change of a migration, so a server that lives long never hands out yesterday's schema. */
const templateName = (): string => {
  const store = new URL('../../libs/store/', import.meta.url);
  const migrations = readdirSync(new URL('migrations/', store)).map((file) => `migrations/${file}`);
  const hash = createHash('sha256');
  for (const file of [
    ...migrations,
    ...readdirSync(store).filter((name) => name.startsWith('row-level-security')),
  ].sort()) {
    hash.update(readFileSync(fileURLToPath(new URL(file, store))));
  }
  return `kindly_template_${hash.digest('hex').slice(0, 12)}`;
};

const exists = async (superuser: pg.Client, query: string, name: string): Promise<boolean> =>
  (await superuser.query(query, [name])).rowCount === 1;

/** Spec files run side by side in processes of their own: one makes the template, the others wait for it. */
const ensureTemplate = async (superuser: pg.Client): Promise<string> => {
  const name = templateName();
  await superuser.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (!(await exists(superuser, 'select from pg_database where datname = $1', name)))
      await makeTemplate(superuser, name);
  } finally {
    await superuser.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return name;
};

const makeTemplate = async (superuser: pg.Client, name: string): Promise<void> => {
  const draft = `${name}_draft`;
  if (!(await exists(superuser, 'select from pg_roles where rolname = $1', OWNER))) {
    await superuser.query(`create role ${OWNER} login password '${OWNER_PASSWORD}'`);
  }
  await superuser.query(`drop database if exists ${draft} with (force)`);
  await superuser.query(`create database ${draft} owner ${OWNER}`);
  await provisionRoles(serverUrl(), PASSWORDS);
  await migrate(ownerUrlOf(draft));
  await superuser.query(`alter database ${draft} rename to ${name}`);
};
