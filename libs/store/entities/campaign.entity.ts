import { Check, Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** A ladder of steps; what it says is in its versions. */
@Entity('campaign')
@Check('campaign_pause_check', `(paused_at is null) = (paused_by is null)`)
@Unique(['organisationId', 'externalId'])
export class Campaign {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text')
  name!: string;

  @RecordedAt()
  recordedAt!: Date;

  /** Nothing of it goes out since then, on the organisation's clock; null while it is not paused. */
  @Column('timestamptz', { nullable: true })
  pausedAt!: Date | null;

  @Column('text', { nullable: true })
  pauseReason!: string | null;

  @Column('text', { nullable: true })
  pausedBy!: string | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
