import { Check, Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { campaignVersionMachine, statesOf } from '#domain/transitions.js';
import type { CampaignVersionState } from '#domain/transitions.js';
import { Campaign } from './campaign.entity.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';

/** A ladder's document. Immutable once published. */
@Entity('campaign_version')
@OneOf('campaign_version', 'state', statesOf(campaignVersionMachine))
@Check('campaign_version_check', `(state = 'draft') = (published_at is null)`)
@Unique(['organisationId', 'campaignId', 'number'])
@Unique(['organisationId', 'campaignId', 'id'])
export class CampaignVersion {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  campaignId!: string;

  @Column('int')
  number!: number;

  @Column('text', { default: () => "'draft'" })
  state!: CampaignVersionState;

  @Column('jsonb')
  document!: CampaignDocument;

  /** { <template key>: { <locale>: template_version.id } }, fixed when the version is published. */
  @Column('jsonb', { default: () => "'{}'" })
  templates!: Record<string, Record<string, string>>;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  publishedAt!: Date | null;

  @BelongsTo(() => Campaign, 'campaign_id', { onDelete: 'CASCADE' })
  campaign?: Relation<Campaign>;
}
