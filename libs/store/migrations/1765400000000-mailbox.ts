import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SYSTEM_ROLE } from '../row-level-security.js';

/** How far each mailbox of the installation was read, and by whom. */
export class Mailbox1765400000000 implements MigrationInterface {
  readonly name = 'Mailbox1765400000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      /* of the installation, whose mailboxes they are */
      `create table mailbox (
        name text not null primary key,
        uid_validity bigint,
        last_uid bigint not null,
        /* everything that had come by then is stored */
        read_at timestamptz,
        reader uuid,
        reader_until timestamptz
      )`,
      `grant select, insert, update on mailbox to ${SYSTEM_ROLE}`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mailbox');
  }
}
