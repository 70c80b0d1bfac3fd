import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What links in an organisation's messages are signed with: 244 random bits of its own. */
export class LinkSecret1764900000000 implements MigrationInterface {
  readonly name = 'LinkSecret1764900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table organisation add column link_secret bytea not null
      default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table organisation drop column link_secret`);
  }
}
