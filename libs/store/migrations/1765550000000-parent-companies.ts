import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ERASE } from './1765500000000-erasure.js';

const THEIRS = 'where k.organisation_id = organisation and k.customer_id = customer;';

/** Also what people of a parent company were written about its daughters. */
const WITH_DAUGHTERS = `where k.organisation_id = organisation and (k.customer_id = customer
        or k.customer_id in (select d.id from public.customer d where d.organisation_id = organisation and d.parent_id = customer)
          and k.point_id in (select t.id from public.contact_point t
            join public.contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
            where t.organisation_id = organisation and q.customer_id = customer));`;

const asReplacement = (statement: string): string =>
  statement.replace('create function', 'create or replace function');

/** Who is turned to at a parent company, by whose daughters. */
export class ParentCompanies1765550000000 implements MigrationInterface {
  readonly name = 'ParentCompanies1765550000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index customer_parent on customer (organisation_id, parent_id) where parent_id is not null',
    );
    await runner.query(asReplacement(ERASE).replace(THEIRS, WITH_DAUGHTERS));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(asReplacement(ERASE));
    await runner.query('drop index customer_parent');
  }
}
