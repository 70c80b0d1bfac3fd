import type { MigrationInterface, QueryRunner } from 'typeorm';
import { plannedByKey } from '../row-level-security.js';
import { APP_PRIVILEGES } from './1764000000000-initial.access.js';

const TABLES = Object.keys(APP_PRIVILEGES).filter((table) => table !== 'organisation');

const attemptingBy = (column: string): string[] => [
  `drop index contact_attempting`,
  `create index contact_attempting on contact (organisation_id, ${column}) where state = 'attempting'`,
];

/** Plans that stay good for an organisation nobody has analysed yet; a contact in its call is found by its invoice. */
export class PlansByKey1764200000000 implements MigrationInterface {
  readonly name = 'PlansByKey1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES.flatMap(plannedByKey), ...attemptingBy('invoice_id')])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await runner.query(`alter table ${table} alter column organisation_id set statistics default`);
    for (const statement of attemptingBy('enrolment_id')) await runner.query(statement);
  }
}
