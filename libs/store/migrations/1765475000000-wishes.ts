import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules of contact that a customer asked for. */
export class Wishes1765475000000 implements MigrationInterface {
  readonly name = 'Wishes1765475000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table customer add column wishes jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table customer drop column wishes`);
  }
}
