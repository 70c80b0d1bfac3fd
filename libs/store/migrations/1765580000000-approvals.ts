import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = ['call', 'follow_up', 'hand_over', 'bad_address', 'reply', 'check_payment', 'allocate'];

const kindsAre = (kinds: readonly string[]): string[] => [
  `alter table task drop constraint task_kind_check`,
  `alter table task add constraint task_kind_check check (kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`,
];

/** Customers whose messages wait for somebody to approve them. */
export class Approvals1765580000000 implements MigrationInterface {
  readonly name = 'Approvals1765580000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table customer add column vip boolean not null default false`);
    for (const sql of kindsAre([...KINDS, 'approval'])) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from task where kind = 'approval'`);
    for (const sql of kindsAre(KINDS)) await runner.query(sql);
    await runner.query(`alter table customer drop column vip`);
  }
}
