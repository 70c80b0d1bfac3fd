import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToSystem, SYSTEM_ROLE } from '../row-level-security.js';

const waitingBy = (column: string): string[] => [
  `drop index answer_request_waiting`,
  `create index answer_request_waiting on answer_request (organisation_id, ${column}) where state = 'waiting'`,
];

/**
 * Answers that a provider could not take are tried again; the sweep sees that they wait. Tries are numbered by the failed
 * contacts of an invoice.
 */
export class AnswersTriedAgain1764500000000 implements MigrationInterface {
  readonly name = 'AnswersTriedAgain1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `alter table answer_request add column tries jsonb`,
      ...waitingBy('invoice_id'),
      `create index contact_failed on contact (organisation_id, invoice_id)
         where state in ('rejected', 'not_reached', 'throttled')`,
      ...grantToSystem('answer_request', ['select (organisation_id, enrolment_id, state)']),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `drop index contact_failed`,
      `drop policy system on answer_request`,
      `revoke select (organisation_id, enrolment_id, state) on answer_request from ${SYSTEM_ROLE}`,
      ...waitingBy('enrolment_id'),
      `alter table answer_request drop column tries`,
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
