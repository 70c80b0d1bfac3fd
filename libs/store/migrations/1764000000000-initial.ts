import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APP_ROLE,
  SYSTEM_ROLE,
  createRole,
  grantToApp,
  grantToSystem,
  tenantPolicies,
} from '../row-level-security.js';
import { APP_PRIVILEGES, SYSTEM_PRIVILEGES } from './1764000000000-initial.access.js';
import { INITIAL_TABLES } from './1764000000000-initial.sql.js';

const TABLES = Object.keys(APP_PRIVILEGES);

const keyOf = (table: string): string => (table === 'organisation' ? 'id' : 'organisation_id');

const STATEMENTS: readonly string[] = [
  ...[APP_ROLE, SYSTEM_ROLE].map(createRole),
  `grant usage on schema public to ${APP_ROLE}, ${SYSTEM_ROLE}`,
  ...INITIAL_TABLES,
  ...TABLES.flatMap((table) => tenantPolicies(table, keyOf(table))),
  ...Object.entries(APP_PRIVILEGES).flatMap(([table, privileges]) => grantToApp(table, privileges)),
  ...Object.entries(SYSTEM_PRIVILEGES).flatMap(([table, privileges]) => grantToSystem(table, privileges)),
];

/** Every table of the first release, closed to all but the two roles, each of which sees only what it needs. */
export class Initial1764000000000 implements MigrationInterface {
  readonly name = 'Initial1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** The roles stay: they belong to the cluster, and other databases may use them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ${TABLES.join(', ')}`);
  }
}
