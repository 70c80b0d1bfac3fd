import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who got a copy of a message: to contact policies they were contacted as well. */
export class Copied1765610000000 implements MigrationInterface {
  readonly name = 'Copied1765610000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table contact add column copied_to uuid[] not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table contact drop column copied_to`);
  }
}
