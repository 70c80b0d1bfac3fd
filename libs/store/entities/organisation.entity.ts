import { Check, Column, Entity, Unique } from 'typeorm';
import { Id, OneOf, RecordedAt } from './columns.js';

/** The tenant. `live`, or `test`: that has a frozen clock of its own and never reaches a real provider. */
@Entity('organisation')
@OneOf('organisation', 'kind', ['live', 'test'])
@Check('organisation_check', `(kind = 'test') = (clock_now is not null)`)
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
}
