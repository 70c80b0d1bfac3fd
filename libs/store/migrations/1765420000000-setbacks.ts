import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SYSTEM_ROLE } from '../row-level-security.js';

const COLUMNS = { receipt: 'contact_id', inbound_message: 'id' };

/** What cannot be applied is passed over, also where organisations are looked for that have something that waits. */
export class Setbacks1765420000000 implements MigrationInterface {
  readonly name = 'Setbacks1765420000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, column] of Object.entries(COLUMNS))
      await runner.query(`grant select (${column}) on ${table} to ${SYSTEM_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of Object.entries(COLUMNS))
      await runner.query(`revoke select (${column}) on ${table} from ${SYSTEM_ROLE}`);
  }
}
