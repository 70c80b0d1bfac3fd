import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, grantToApp, grantToSystem, plannedByKey, tenantPolicies } from '../row-level-security.js';

const DELIVERY = [
  'accepted',
  'deferred',
  'delivered',
  'opened',
  'clicked',
  'failed',
  'bounced',
  'unsubscribed',
  'complained',
];
const oneOf = (column: string, values: readonly string[]): string =>
  `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** Named apart from the entities: a migration says for ever what it said when it ran. */
const taskKinds = (kinds: readonly string[]): string[] => [
  `alter table task drop constraint task_kind_check`,
  `alter table task add constraint task_kind_check check (${oneOf('kind', kinds)})`,
];

/** What providers tell of messages they took, and what a message's receipts come to. */
export class Receipts1764700000000 implements MigrationInterface {
  readonly name = 'Receipts1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `create table receipt (
        organisation_id uuid not null,
        id uuid not null default uuidv7(),
        contact_id uuid not null,
        provider text not null,
        /* the provider's name of this telling: told again, it is the same */
        event_key text not null,
        provider_id text,
        kind text not null constraint receipt_kind_check check (${oneOf('kind', DELIVERY)}),
        by_machine boolean not null default false,
        address_is_bad boolean not null default false,
        code text,
        effective_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        applied_at timestamptz,
        primary key (organisation_id, id),
        unique (organisation_id, provider, event_key),
        foreign key (organisation_id, contact_id) references contact (organisation_id, id)
      )`,
      `create index receipt_contact on receipt (organisation_id, contact_id)`,
      `create index receipt_waiting on receipt (organisation_id, recorded_at) where applied_at is null`,
      ...tenantPolicies('receipt'),
      ...plannedByKey('receipt'),
      ...grantToApp('receipt', ['select', 'insert', 'update (applied_at)']),
      ...grantToSystem('receipt', ['select (organisation_id, recorded_at, applied_at)']),
      `alter table contact add column delivery text constraint contact_delivery_check check (${oneOf('delivery', DELIVERY)})`,
      `alter table contact add column delivered_at timestamptz`,
      /* how it became known what became of a message that may have gone out */
      `alter table contact add column resolution text constraint contact_resolution_check
         check (resolution in ('receipt', 'look_up', 'treated_as_sent', 'released'))`,
      `create index contact_unknown on contact (organisation_id, decided_at) where state = 'unknown'`,
      `grant update (delivery, delivered_at, resolution) on contact to ${APP_ROLE}`,
      ...taskKinds(['call', 'follow_up', 'hand_over', 'bad_address']),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `delete from task where kind = 'bad_address'`,
      ...taskKinds(['call', 'follow_up', 'hand_over']),
      `alter table contact drop column resolution, drop column delivered_at, drop column delivery`,
      `drop index contact_unknown`,
      `drop table receipt`,
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
