import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToSystem, SYSTEM_ROLE } from '../row-level-security.js';

const COLUMNS = '(organisation_id, id, state, resolution)';

/** The sweep sees which messages may have gone out, and has somebody look for them. */
export class UnknownsSwept1764800000000 implements MigrationInterface {
  readonly name = 'UnknownsSwept1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of grantToSystem('contact', [`select ${COLUMNS}`])) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop policy system on contact`);
    await runner.query(`revoke select ${COLUMNS} on contact from ${SYSTEM_ROLE}`);
  }
}
