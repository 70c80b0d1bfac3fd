import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../row-level-security.js';

/** When an organisation changed its rules, until what they had put off has been found. */
export class RulesChanged1765630000000 implements MigrationInterface {
  readonly name = 'RulesChanged1765630000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table organisation add column rules_changed_at timestamptz');
    await runner.query(`grant update (rules_changed_at) on organisation to ${APP_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table organisation drop column rules_changed_at');
  }
}
