import type { MigrationInterface, QueryRunner } from 'typeorm';

const states = (...values: string[]): string[] => [
  `alter table consent drop constraint consent_state_check`,
  `alter table consent add constraint consent_state_check check (state in (${values.map((value) => `'${value}'`).join(', ')}))`,
];

/** A consent that its owner has still to confirm. */
export class DoubleOptIn1765550100000 implements MigrationInterface {
  readonly name = 'DoubleOptIn1765550100000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      ...states('granted', 'withdrawn', 'pending'),
      `create index answer_request_consent on answer_request (organisation_id, point_id)
        where template_key = 'consent-confirmation'`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `drop index answer_request_consent`,
      `delete from consent where state = 'pending'`,
      ...states('granted', 'withdrawn'),
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
