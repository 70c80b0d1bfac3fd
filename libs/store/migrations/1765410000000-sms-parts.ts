import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In how many parts each SMS went out, by which providers bill. */
export class SmsParts1765410000000 implements MigrationInterface {
  readonly name = 'SmsParts1765410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table contact add column parts int, add column encoding text
      constraint contact_encoding_check check (encoding in ('GSM-7', 'UCS-2'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table contact drop column encoding, drop column parts`);
  }
}
