import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../row-level-security.js';

/** Named apart from the entities: a migration says for ever what it said when it ran. */
const TASKS = ['call', 'follow_up', 'hand_over', 'bad_address', 'reply', 'check_payment'];

const taskKinds = (kinds: readonly string[]): string[] => [
  `alter table task drop constraint task_kind_check`,
  `alter table task add constraint task_kind_check check (kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`,
];

const unallocated = (column: string, money: string): string => `${money}.amount_minor > coalesce((
  select sum(a.amount_minor) from allocation a
  where a.organisation_id = ${money}.organisation_id and a.${column} = ${money}.id and a.reversed_at is null), 0)`;

/** Money that no invoice got holds outreach back until somebody says what it is for, or keeps it as credit. */
export class UnappliedCash1765480000000 implements MigrationInterface {
  readonly name = 'UnappliedCash1765480000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `alter table payment add column kept_at timestamptz`,
      `alter table credit_note add column kept_at timestamptz`,
      `grant update (kept_at) on payment to ${APP_ROLE}`,
      `grant update (kept_at) on credit_note to ${APP_ROLE}`,
      `grant delete on source_sync to ${APP_ROLE}`,
      `create index credit_note_customer on credit_note (organisation_id, customer_id)`,
      `alter table customer add column unapplied text[] not null default '{}'`,
      `update customer c set unapplied = found.currencies from (
         select m.organisation_id, m.customer_id, array_agg(distinct m.currency::text order by m.currency::text) as currencies
         from (
           select y.organisation_id, y.customer_id, y.currency from payment y
             where y.status <> 'reversed' and ${unallocated('payment_id', 'y')}
           union
           select n.organisation_id, n.customer_id, n.currency from credit_note n
             where ${unallocated('credit_note_id', 'n')}) m
         group by m.organisation_id, m.customer_id) found
       where c.organisation_id = found.organisation_id and c.id = found.customer_id`,
      ...taskKinds([...TASKS, 'allocate']),
      `create unique index task_allocate_open on task (organisation_id, customer_id) where state = 'open' and kind = 'allocate'`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `drop index task_allocate_open`,
      `delete from task where kind = 'allocate'`,
      ...taskKinds(TASKS),
      `alter table customer drop column unapplied`,
      `drop index credit_note_customer`,
      `revoke delete on source_sync from ${APP_ROLE}`,
      `alter table credit_note drop column kept_at`,
      `alter table payment drop column kept_at`,
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
