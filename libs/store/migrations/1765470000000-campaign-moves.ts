import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToApp, grantToSystem, plannedByKey, tenantPolicies } from '../row-level-security.js';

/** Open enrolments that are to move to a newer version of their campaign, and how far that has come. */
export class CampaignMoves1765470000000 implements MigrationInterface {
  readonly name = 'CampaignMoves1765470000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `create table campaign_move (
        organisation_id uuid not null,
        id uuid not null default uuidv7(),
        campaign_id uuid not null,
        version_id uuid not null,
        mode text not null constraint campaign_move_mode_check check (mode in ('next_step', 'now')),
        state text not null default 'standing'
          constraint campaign_move_state_check check (state in ('standing', 'done', 'superseded')),
        requested_by text not null,
        /* open enrolments in older versions when it was asked for, and those that have moved since */
        found int not null,
        moved int not null default 0,
        /* the last enrolment that the present round has come to */
        last_id uuid,
        effective_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        completed_at timestamptz,
        primary key (organisation_id, id),
        constraint campaign_move_check check ((state = 'standing') = (completed_at is null)),
        foreign key (organisation_id, version_id, campaign_id)
          references campaign_version (organisation_id, id, campaign_id)
      )`,
      `create unique index campaign_move_standing on campaign_move (organisation_id, campaign_id) where state = 'standing'`,
      ...tenantPolicies('campaign_move'),
      ...plannedByKey('campaign_move'),
      ...grantToApp('campaign_move', ['select', 'insert', 'update (state, moved, last_id, completed_at)']),
      ...grantToSystem('campaign_move', ['select (organisation_id, id, state)']),
      `create index enrolment_campaign on enrolment (organisation_id, campaign_id, id) where state = 'open'`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index enrolment_campaign`);
    await runner.query(`drop table campaign_move`);
  }
}
