import type { MigrationInterface, QueryRunner } from 'typeorm';

const attemptsBy = (columns: string): string[] => [
  'drop index attempt_enrolment',
  `create index attempt_enrolment on attempt (organisation_id, ${columns})`,
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
