import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * By which rules a step was put off before it was decided, in place of whether it was; the calls of a customer, which contact
 * policies count; and what is being sent to a customer, which may be about several invoices. Of a step that went out since it is not known any more by which: until now that was a hold more often than not.
 */
export class DeferredBy1765430000000 implements MigrationInterface {
  readonly name = 'DeferredBy1765430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table attempt add column deferred_by text[] not null default '{}'`);
    await runner.query(`update attempt set deferred_by = case decision
        when 'deferred' then array(select distinct r ->> 'rule' from jsonb_array_elements(reasons) r order by 1)
        else '{hold}' end where was_deferred`);
    await runner.query(`alter table attempt drop column was_deferred`);
    await runner.query(`drop index contact_attempting`);
    await runner.query(
      `create index contact_attempting on contact (organisation_id, customer_id) where state = 'attempting'`,
    );
    await runner.query(`create index task_customer on task (organisation_id, customer_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index task_customer`);
    await runner.query(`drop index contact_attempting`);
    await runner.query(
      `create index contact_attempting on contact (organisation_id, invoice_id) where state = 'attempting'`,
    );
    await runner.query(`alter table attempt add column was_deferred boolean not null default false`);
    await runner.query(`update attempt set was_deferred = deferred_by <> '{}'`);
    await runner.query(`alter table attempt drop column deferred_by`);
  }
}
