import { Check, Column, Entity, Unique } from 'typeorm';
import type { LocalDate } from '#domain/instant.js';
import { Id, OneOf, RecordedAt } from './columns.js';

/** The tenant. `live`, or `test`: that has a frozen clock of its own and never reaches a real provider. */
@Entity('organisation')
@OneOf('organisation', 'kind', ['live', 'test'])
@Check('organisation_check', `(kind = 'test') = (clock_now is not null)`)
@Check('organisation_stop_check', `(stopped_at is null) = (stop_reason is null)`)
@Check('organisation_ceiling_check', 'daily_ceiling > 0')
@Unique(['externalId'])
export class Organisation {
  @Id()
  id!: string;

  @Column('text', { nullable: true })
  externalId!: string | null;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: 'live' | 'test';

  @Column('text', { default: () => "'UTC'" })
  zone!: string;

  @Column('timestamptz', { nullable: true })
  clockNow!: Date | null;

  @Column('jsonb', { default: () => "'{}'" })
  settings!: Record<string, unknown>;

  /** What links in its messages are signed with. */
  @Column('bytea', { default: () => '(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))' })
  linkSecret!: Buffer;

  @RecordedAt()
  recordedAt!: Date;

  /** Since when nothing goes out; null while the organisation is not stopped. Real time, as the next two. */
  @Column('timestamptz', { nullable: true })
  stoppedAt!: Date | null;

  @Column('text', { nullable: true })
  stopReason!: string | null;

  @Column('text', { nullable: true })
  stoppedBy!: string | null;

  /** When the next of those that wait for a release may be woken. */
  @Column('timestamptz', { nullable: true })
  nextReleaseAt!: Date | null;

  /** When its rules changed; null once what they had put off has been found. */
  @Column('timestamptz', { nullable: true })
  rulesChangedAt!: Date | null;

  /** Messages that may go out on one of its days; null: any number. */
  @Column('int', { nullable: true })
  dailyCeiling!: number | null;

  /** The last day of its own whose night's work is done; null: of none. */
  @Column('date', { nullable: true })
  nightDoneOn!: LocalDate | null;
}
