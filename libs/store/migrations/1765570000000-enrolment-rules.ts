import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, grantToApp, plannedByKey, tenantPolicies } from '../row-level-security.js';

/** Segments of customers, and rules by which new invoices enter campaigns. */
export class EnrolmentRules1765570000000 implements MigrationInterface {
  readonly name = 'EnrolmentRules1765570000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `create table segment (
        organisation_id uuid not null references organisation (id) on delete cascade,
        id uuid not null default uuidv7(),
        external_id text not null,
        name text not null,
        filter jsonb not null,
        recorded_at timestamptz not null default now(),
        primary key (organisation_id, id),
        unique (organisation_id, external_id)
      )`,
      ...tenantPolicies('segment'),
      ...plannedByKey('segment'),
      ...grantToApp('segment', ['select', 'insert', 'update (name, filter)', 'delete']),
      `create table enrolment_rule (
        organisation_id uuid not null,
        id uuid not null default uuidv7(),
        external_id text not null,
        name text not null,
        /* null: what it takes is enrolled nowhere */
        campaign_id uuid,
        priority int not null default 100,
        audience jsonb not null default '{}',
        exception jsonb,
        minimum_balance jsonb not null default '[]',
        entry text constraint enrolment_rule_entry_check check (entry in ('gentle', 'by_age', 'skip')),
        overdue_per_day int constraint enrolment_rule_overdue_per_day_check check (overdue_per_day > 0),
        only_at_night boolean not null default false,
        state text not null default 'paused'
          constraint enrolment_rule_state_check check (state in ('active', 'paused')),
        recorded_at timestamptz not null default now(),
        primary key (organisation_id, id),
        unique (organisation_id, external_id),
        foreign key (organisation_id) references organisation (id) on delete cascade,
        foreign key (organisation_id, campaign_id) references campaign (organisation_id, id)
      )`,
      ...tenantPolicies('enrolment_rule'),
      ...plannedByKey('enrolment_rule'),
      ...grantToApp('enrolment_rule', ['select', 'insert', 'update']),
      /* the rule that enrolled it; null: a person did */
      `alter table enrolment add column rule_id uuid,
         add foreign key (organisation_id, rule_id) references enrolment_rule (organisation_id, id)`,
      `create index enrolment_rule_entered on enrolment (organisation_id, rule_id, enrolled_at) where rule_id is not null`,
      /* the last day of its own whose night's work is done */
      `alter table organisation add column night_done_on date`,
      `grant update (night_done_on) on organisation to ${APP_ROLE}`,
      `create index invoice_open on invoice (organisation_id, due_on, id) where status = 'open'`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `drop index invoice_open`,
      `alter table organisation drop column night_done_on`,
      `drop index enrolment_rule_entered`,
      `alter table enrolment drop column rule_id`,
      `drop table enrolment_rule`,
      `drop table segment`,
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
