import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The old one goes last: while the new one is built the ledger can be read. */
const attemptsBy = (columns: string): string[] => [
  `create index attempt_enrolment_new on attempt (organisation_id, ${columns})`,
  'drop index attempt_enrolment',
  'alter index attempt_enrolment_new rename to attempt_enrolment',
];

/** The last message of an enrolment is found without reading those before it. */
export class LastOfEnrolment1765620000000 implements MigrationInterface {
  readonly name = 'LastOfEnrolment1765620000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of attemptsBy('enrolment_id, decided_at')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of attemptsBy('enrolment_id')) await runner.query(statement);
  }
}
