import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, SYSTEM_ROLE } from '../row-level-security.js';

const SEEN = '(provider, provider_id, delivery, recorded_at, polls)';

/** How often a provider was asked what became of a message whose receipts did not come. */
export class PolledContacts1765300000000 implements MigrationInterface {
  readonly name = 'PolledContacts1765300000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `alter table contact add column polls int not null default 0`,
      `create index contact_untold on contact (organisation_id, recorded_at)
         where state = 'accepted' and (delivery is null or delivery in ('accepted', 'deferred'))`,
      `grant update (polls) on contact to ${APP_ROLE}`,
      `grant select ${SEEN} on contact to ${SYSTEM_ROLE}`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`revoke select ${SEEN} on contact from ${SYSTEM_ROLE}`);
    await runner.query(`drop index contact_untold`);
    await runner.query(`alter table contact drop column polls`);
  }
}
