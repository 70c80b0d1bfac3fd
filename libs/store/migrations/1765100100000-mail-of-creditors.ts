import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a creditor's e-mail is answered and what it carries; and the first message of each thread, to be found again. */
export class MailOfCreditors1765100100000 implements MigrationInterface {
  readonly name = 'MailOfCreditors1765100100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table creditor add column mail jsonb not null default '{}'`);
    await runner.query(`create index contact_thread on contact (organisation_id, invoice_id, point_id, decided_at)
      where thread is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index contact_thread`);
    await runner.query(`alter table creditor drop column mail`);
  }
}
