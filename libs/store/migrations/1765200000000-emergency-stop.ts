import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, SYSTEM_ROLE } from '../row-level-security.js';

/** The emergency stop, of one organisation and of the whole installation, and who waits for its release. */
export class EmergencyStop1765200000000 implements MigrationInterface {
  readonly name = 'EmergencyStop1765200000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `alter table organisation
         add column stopped_at timestamptz,
         add column stop_reason text,
         add column stopped_by text,
         /* when the next of those that wait may be woken after a release */
         add column next_release_at timestamptz,
         add constraint organisation_stop_check check ((stopped_at is null) = (stop_reason is null))`,
      `grant update (stopped_at, stop_reason, stopped_by, next_release_at) on organisation to ${APP_ROLE}`,
      /* of the installation, not of a tenant: at most one row is not released */
      `create table installation_stop (
        id uuid not null default uuidv7() primary key,
        reason text not null,
        stopped_by text not null,
        stopped_at timestamptz not null default now(),
        released_by text,
        released_at timestamptz,
        constraint installation_stop_check check ((released_at is null) = (released_by is null))
      )`,
      `create unique index installation_stop_standing on installation_stop ((released_at is null)) where released_at is null`,
      `grant select on installation_stop to ${APP_ROLE}`,
      `grant select, insert, update (released_by, released_at) on installation_stop to ${SYSTEM_ROLE}`,
      `alter table enrolment add column waits_for_release boolean not null default false`,
      `create index enrolment_stopped on enrolment (organisation_id, id) where waits_for_release`,
      `grant select (waits_for_release) on enrolment to ${SYSTEM_ROLE}`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `drop index enrolment_stopped`,
      `alter table enrolment drop column waits_for_release`,
      `drop table installation_stop`,
      `alter table organisation drop column next_release_at, drop column stopped_by, drop column stop_reason, drop column stopped_at`,
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
