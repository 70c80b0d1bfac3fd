import { Check, Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import { CampaignVersion } from './campaign-version.entity.js';
import { BelongsToWithin, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';

/** The intention to move a campaign's open enrolments to a newer version, worked off little by little. */
@Entity('campaign_move')
@OneOf('campaign_move', 'mode', ['next_step', 'now'])
@OneOf('campaign_move', 'state', ['standing', 'done', 'superseded'])
@Check('campaign_move_check', `(state = 'standing') = (completed_at is null)`)
@Index('campaign_move_standing', ['organisationId', 'campaignId'], {
  unique: true,
  where: `state = 'standing'`,
})
export class CampaignMove {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  campaignId!: string;

  @Column('uuid')
  versionId!: string;

  @Column('text')
  mode!: 'next_step' | 'now';

  @Column('text', { default: () => "'standing'" })
  state!: 'standing' | 'done' | 'superseded';

  @Column('text')
  requestedBy!: string;

  @Column('int')
  found!: number;

  @Column('int', { default: 0 })
  moved!: number;

  /** The last enrolment that the present round has come to. */
  @Column('uuid', { nullable: true })
  lastId!: string | null;

  /** On the organisation's clock. */
  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @BelongsToWithin(() => CampaignVersion, 'version_id', { column: 'campaign_id', property: 'campaignId' })
  version?: Relation<CampaignVersion>;
}
