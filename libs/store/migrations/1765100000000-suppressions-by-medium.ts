import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'suppression';

/** An address may be barred for one medium, for one purpose or for both, and not only as a whole. */
export class SuppressionsByMedium1765100000000 implements MigrationInterface {
  readonly name = 'SuppressionsByMedium1765100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table ${TABLE}
      add column medium text constraint suppression_medium_check check (medium in ('email', 'sms', 'telegram', 'call')),
      add column purpose text constraint suppression_purpose_check check (purpose in ('reminder', 'notice'))`);
    await runner.query(`drop index suppression_active`);
    /* without a medium and a purpose it is the whole address, once */
    await runner.query(`create unique index suppression_active
      on ${TABLE} (organisation_id, kind, normalised, medium, purpose) nulls not distinct where lifted_at is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index suppression_active`);
    await runner.query(`delete from ${TABLE} where medium is not null or purpose is not null`);
    await runner.query(`alter table ${TABLE} drop column purpose, drop column medium`);
    await runner.query(`create unique index suppression_active
      on ${TABLE} (organisation_id, kind, normalised) where lifted_at is null`);
  }
}
