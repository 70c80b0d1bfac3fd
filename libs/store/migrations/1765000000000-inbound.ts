import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToApp, grantToSystem, plannedByKey, tenantPolicies } from '../row-level-security.js';

const oneOf = (column: string, values: readonly string[]): string =>
  `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** Named apart from the entities: a migration says for ever what it said when it ran. */
const kinds = (table: 'task' | 'hold', values: readonly string[]): string[] => [
  `alter table ${table} drop constraint ${table}_kind_check`,
  `alter table ${table} add constraint ${table}_kind_check check (${oneOf('kind', values)})`,
];

const TASKS = ['call', 'follow_up', 'hand_over', 'bad_address'];
const HOLDS = ['dispute', 'promise', 'plan', 'hardship', 'bankruptcy', 'legal', 'manual'];
const READINGS = ['person', 'automatic', 'stop', 'start', 'opt_in', 'blocked', 'unblocked', 'ignored'];

/** What customers write, which messages it answers, and what Kindly confirms of it by itself. */
export class Inbound1765000000000 implements MigrationInterface {
  readonly name = 'Inbound1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `create table inbound_message (
        organisation_id uuid not null,
        id uuid not null default uuidv7(),
        provider text not null,
        /* the provider's name of it: given again, it is the same */
        event_key text not null,
        /* a person may tell a bot by blocking it */
        kind text not null constraint inbound_message_kind_check check (${oneOf('kind', ['message', 'blocked', 'unblocked'])}),
        medium text not null constraint inbound_message_medium_check check (${oneOf('medium', ['email', 'sms', 'telegram'])}),
        /* in the normal form of a contact point */
        sender text not null,
        sender_name text,
        recipients text[] not null default '{}',
        subject text,
        body text not null,
        headers jsonb not null default '{}',
        attachments jsonb not null default '[]',
        /* what it answers, and whose it is; null: nobody can say */
        contact_id uuid,
        invoice_id uuid,
        customer_id uuid,
        person_id uuid,
        matched_by text constraint inbound_message_matched_by_check check (${oneOf('matched_by', ['reference', 'address', 'token', 'person'])}),
        /* how it was read, once it was */
        reading text constraint inbound_message_reading_check check (${oneOf('reading', READINGS)}),
        returns_on date,
        thread text,
        effective_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        applied_at timestamptz,
        primary key (organisation_id, id),
        unique (organisation_id, provider, event_key),
        foreign key (organisation_id) references organisation on delete cascade,
        foreign key (organisation_id, contact_id) references contact (organisation_id, id),
        foreign key (organisation_id, invoice_id) references invoice (organisation_id, id),
        foreign key (organisation_id, customer_id) references customer (organisation_id, id),
        foreign key (organisation_id, person_id) references contact_person (organisation_id, id)
      )`,
      `create index inbound_message_waiting on inbound_message (organisation_id, recorded_at) where applied_at is null`,
      `create index inbound_message_customer on inbound_message (organisation_id, customer_id, effective_at)`,
      `create index inbound_message_sender on inbound_message (organisation_id, medium, sender, effective_at)`,
      ...tenantPolicies('inbound_message'),
      ...plannedByKey('inbound_message'),
      ...grantToApp('inbound_message', [
        'select',
        'insert',
        'update (contact_id, invoice_id, customer_id, person_id, matched_by, reading, returns_on, thread, applied_at)',
      ]),
      ...grantToSystem('inbound_message', ['select (organisation_id, recorded_at, applied_at)']),
      /* an answer names a message by its id alone */
      `create index contact_by_id on contact (id)`,
      /* a confirmation goes to the point that asked for it, and says which message that was */
      `alter table answer_request add column point_id uuid, add column inbound_id uuid,
         add foreign key (organisation_id, point_id) references contact_point (organisation_id, id),
         add foreign key (organisation_id, inbound_id) references inbound_message (organisation_id, id)`,
      `create index answer_request_inbound on answer_request (organisation_id, point_id) where inbound_id is not null`,
      ...kinds('task', [...TASKS, 'reply', 'check_payment']),
      `create unique index task_reply_open on task (organisation_id, customer_id) where state = 'open' and kind = 'reply'`,
      ...kinds('hold', [...HOLDS, 'reply']),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `delete from hold where kind = 'reply'`,
      ...kinds('hold', HOLDS),
      `drop index task_reply_open`,
      `delete from task where kind in ('reply', 'check_payment')`,
      ...kinds('task', TASKS),
      `drop index answer_request_inbound`,
      `alter table answer_request drop column inbound_id, drop column point_id`,
      `drop index contact_by_id`,
      `drop table inbound_message`,
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
