import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The time zone of a customer may be known from the country: where most people of it are. */
export class ZonesByCountry1765510000000 implements MigrationInterface {
  readonly name = 'ZonesByCountry1765510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table customer drop constraint customer_zone_source_check`);
    await runner.query(
      `alter table customer add constraint customer_zone_source_check
         check (zone_source in ('given', 'country', 'organisation'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update customer set zone_source = 'organisation' where zone_source = 'country'`);
    await runner.query(`alter table customer drop constraint customer_zone_source_check`);
    await runner.query(
      `alter table customer add constraint customer_zone_source_check check (zone_source in ('given', 'organisation'))`,
    );
  }
}
