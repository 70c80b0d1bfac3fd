import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToApp, plannedByKey, tenantPolicies } from '../row-level-security.js';

/** Agreements to pay what is open in dated parts, and parts that are due so long after their milestone. */
export class InstalmentPlans1765590000000 implements MigrationInterface {
  readonly name = 'InstalmentPlans1765590000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `create table instalment_plan (
        organisation_id uuid not null,
        id uuid not null default uuidv7(),
        customer_id uuid not null,
        invoice_id uuid not null,
        number int not null,
        /* [{ dueOn, amount }] in minor units, by date; what is paid of them follows from allocations */
        parts jsonb not null,
        grace_days int not null constraint instalment_plan_grace_days_check check (grace_days between 0 and 30),
        /* so many parts that were missed end it */
        misses_allowed int not null constraint instalment_plan_misses_allowed_check check (misses_allowed between 1 and 12),
        cancelled_at timestamptz,
        effective_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        primary key (organisation_id, id),
        unique (organisation_id, invoice_id, number),
        foreign key (organisation_id, customer_id) references customer (organisation_id, id),
        foreign key (organisation_id, invoice_id) references invoice (organisation_id, id)
      )`,
      ...tenantPolicies('instalment_plan'),
      ...plannedByKey('instalment_plan'),
      ...grantToApp('instalment_plan', ['select', 'insert', 'update (cancelled_at)']),
      /* ISO 8601: how long after its milestone a part is due; null: as long as the invoice is after its issue */
      `alter table invoice_part add column due_after text`,
      /* what is done already is due as it will be from now on */
      `update invoice_part p set due_on = (p.completed_at at time zone c.zone)::date + (i.due_on - i.issued_on)
       from invoice i join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
       where i.organisation_id = p.organisation_id and i.id = p.invoice_id
         and p.milestone is not null and p.completed_at is not null and p.due_on is null`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table invoice_part drop column due_after`);
    await runner.query(`drop table instalment_plan`);
  }
}
