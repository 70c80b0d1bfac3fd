import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../row-level-security.js';

const KINDS = [
  'call',
  'follow_up',
  'hand_over',
  'bad_address',
  'reply',
  'check_payment',
  'allocate',
  'approval',
];

const kindsAre = (kinds: readonly string[]): string[] => [
  `alter table task drop constraint task_kind_check`,
  `alter table task add constraint task_kind_check check (kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`,
];

/** Why a payment was taken back, and somebody to ask about it. */
export class Chargebacks1765600000000 implements MigrationInterface {
  readonly name = 'Chargebacks1765600000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `alter table payment add column reversal_kind text
         constraint payment_reversal_kind_check check (reversal_kind in ('chargeback', 'bounced', 'mistake', 'other'))`,
      `grant update (reversal_kind) on payment to ${APP_ROLE}`,
      ...kindsAre([...KINDS, 'chargeback']),
    ];
    for (const sql of statements) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `delete from task where kind = 'chargeback'`,
      ...kindsAre(KINDS),
      `alter table payment drop column reversal_kind`,
    ];
    for (const sql of statements) await runner.query(sql);
  }
}
