import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Named apart from the entities: a migration says for ever what it said when it ran. */
const KINDS = ['dispute', 'promise', 'plan', 'hardship', 'bankruptcy', 'legal', 'manual', 'reply'];

const holdKinds = (kinds: readonly string[]): string[] => [
  `alter table hold drop constraint hold_kind_check`,
  `alter table hold add constraint hold_kind_check check (kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`,
];

/** More kinds of holds, disputes about a part, and where a ladder goes on after a hold. */
export class Holds1765490000000 implements MigrationInterface {
  readonly name = 'Holds1765490000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      ...holdKinds([...KINDS, 'breathing_space', 'deceased']),
      /* of a dispute about a part of its invoice; null: all of it */
      `alter table hold add column amount_minor bigint,
         add constraint hold_amount_minor_check check (amount_minor is null or (amount_minor > 0 and kind = 'dispute'))`,
      /* where the ladder goes on when it ends; null: with the step that waited */
      `alter table hold add column resume jsonb`,
      `create index hold_resume on hold (organisation_id, customer_id) where resume is not null`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      `drop index hold_resume`,
      `alter table hold drop column resume, drop column amount_minor`,
      `update hold set kind = 'legal' where kind in ('breathing_space', 'deceased')`,
      ...holdKinds(KINDS),
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
