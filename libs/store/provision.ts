import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { APP_ROLE, SYSTEM_ROLE, createRole } from './row-level-security.js';

export interface RolePasswords {
  appPassword: string;
  systemPassword: string;
}

/** The owner's URL with another user; host, port, database and parameters stay. */
export const urlAs = (ownerUrl: string, user: string, password: string): string => {
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return url.href;
};

const canLogIn = async (ownerUrl: string, role: string, password: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: urlAs(ownerUrl, role, password) });
  try {
    await client.connect();
    return true;
  } catch (error) {
    // invalid_authorization_specification (no login), invalid_password
    if (['28000', '28P01'].includes((error as { code?: string }).code ?? '')) return false;
    throw error;
  } finally {
    await client.end();
  }
};

/** Two databases of one cluster that are provisioned at once change the same row of the catalogue: one has to wait. */
const CONCURRENT_CHANGE = 'XX000';
const TRIES = 5;

const setPassword = async (owner: pg.Client, role: string, password: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await owner.query(`alter role ${role} login password ${pg.escapeLiteral(password)}`);
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === '42501') throw mayNotAlter(role, error);
      if (code !== CONCURRENT_CHANGE || tries === TRIES) throw error;
      await sleep(50 * tries);
    }
  }
};

const mayNotAlter = (role: string, cause: unknown): Error =>
  new Error(
    `The role ${role} exists, but the migration owner may not change it, and it does not accept the given password. ` +
      `Let whoever created it run: alter role ${role} login password '…'; or give the right password.`,
    { cause },
  );

/** A role that skips row-level security would see every tenant, whatever the policies say. */
const refusePowerful = async (owner: pg.Client): Promise<void> => {
  const { rows } = await owner.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any($1) and (rolsuper or rolbypassrls)',
    [[APP_ROLE, SYSTEM_ROLE]],
  );
  if (rows.length === 0) return;
  const names = rows.map((row) => row.rolname).join(' and ');
  throw new Error(`${names} must be neither superuser nor BYPASSRLS: alter role … nosuperuser nobypassrls.`);
};

/**
 * Creates the two roles or gives them these passwords, unless they already accept them. The owner needs CREATEROLE
 * only for what is missing; where the roles were created with their passwords by someone else, it needs nothing.
 * @param ownerUrl of the user who owns, or will own, the tables
 */
export const provisionRoles = async (ownerUrl: string, passwords: RolePasswords): Promise<void> => {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const roles = [
      [APP_ROLE, passwords.appPassword],
      [SYSTEM_ROLE, passwords.systemPassword],
    ] as const;
    for (const [role, password] of roles) {
      await owner.query(createRole(role));
      if (!(await canLogIn(ownerUrl, role, password))) await setPassword(owner, role, password);
    }
    await refusePowerful(owner);
  } finally {
    await owner.end();
  }
};
