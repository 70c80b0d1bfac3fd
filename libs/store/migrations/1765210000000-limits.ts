import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, grantToApp, plannedByKey, SYSTEM_ROLE, tenantPolicies } from '../row-level-security.js';

/** Rates of senders, a day's ceiling, and what is remembered of each provider's failures. */
export class Limits1765210000000 implements MigrationInterface {
  readonly name = 'Limits1765210000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `alter table organisation add column daily_ceiling int
         constraint organisation_ceiling_check check (daily_ceiling > 0)`,
      `grant update (daily_ceiling) on organisation to ${APP_ROLE}`,
      `create table sending_rate (
        organisation_id uuid not null references organisation on delete cascade,
        provider text not null,
        sender text not null,
        /* the end of the line: the theoretical arrival time of the generic cell rate algorithm */
        next_at timestamptz not null,
        /* the provider asked for nothing before */
        blocked_until timestamptz,
        primary key (organisation_id, provider, sender)
      )`,
      ...tenantPolicies('sending_rate'),
      ...plannedByKey('sending_rate'),
      ...grantToApp('sending_rate', ['select', 'insert', 'update']),
      `create table sending_day (
        organisation_id uuid not null references organisation on delete cascade,
        day date not null,
        sent int not null,
        /* when the ceiling kept something back for the first time */
        reached_at timestamptz,
        primary key (organisation_id, day)
      )`,
      ...tenantPolicies('sending_day'),
      ...plannedByKey('sending_day'),
      ...grantToApp('sending_day', ['select', 'insert', 'update']),
      /* of the installation, whose accounts they are */
      `create table provider_breaker (
        provider text not null primary key,
        failures int not null default 0,
        since timestamptz,
        open_until timestamptz,
        opened int not null default 0,
        probe_until timestamptz
      )`,
      `grant select, insert, update on provider_breaker to ${APP_ROLE}`,
      `grant select on provider_breaker to ${SYSTEM_ROLE}`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `drop table provider_breaker`,
      `drop table sending_day`,
      `drop table sending_rate`,
      `alter table organisation drop column daily_ceiling`,
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
