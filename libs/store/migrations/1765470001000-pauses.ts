import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pauses of a campaign and of one enrolment: nothing of them goes out until somebody resumes. */
export class Pauses1765470001000 implements MigrationInterface {
  readonly name = 'Pauses1765470001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table campaign
         add column paused_at timestamptz,
         add column pause_reason text,
         add column paused_by text,
         add constraint campaign_pause_check check ((paused_at is null) = (paused_by is null))`,
    );
    await runner.query(`alter table enrolment add column paused_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table enrolment drop column paused_at`);
    await runner.query(
      `alter table campaign drop column paused_by, drop column pause_reason, drop column paused_at`,
    );
  }
}
