import { Check, Column, Entity, Index } from 'typeorm';
import { Id } from './columns.js';

/** An emergency stop of every live organisation; the one that is not released stands. Of no tenant. */
@Entity('installation_stop')
@Check('installation_stop_check', `(released_at is null) = (released_by is null)`)
// What it is over cannot be said here.
@Index('installation_stop_standing', { synchronize: false })
export class InstallationStop {
  @Id()
  id!: string;

  @Column('text')
  reason!: string;

  @Column('text')
  stoppedBy!: string;

  @Column('timestamptz', { default: () => 'now()' })
  stoppedAt!: Date;

  @Column('text', { nullable: true })
  releasedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  releasedAt!: Date | null;
}
