import { Check, Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import type { EntryRule } from '#domain/campaign/document.js';
import type { Cursor } from '#domain/planning/cursor.js';
import { enrolmentMachine, statesOf } from '#domain/transitions.js';
import type { EnrolmentState } from '#domain/transitions.js';
import { CampaignVersion } from './campaign-version.entity.js';
import { Campaign } from './campaign.entity.js';
import { BelongsTo, BelongsToWithin, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';
import { EnrolmentRule } from './enrolment-rule.entity.js';
import { Invoice } from './invoice.entity.js';

/** One invoice in one campaign version. Settled when `plannedVersion` has caught up with `factsVersion`. */
@Entity('enrolment')
@OneOf('enrolment', 'entry_rule', ['gentle', 'by_age', 'skip'])
@OneOf('enrolment', 'state', statesOf(enrolmentMachine))
@Check('enrolment_check', `(state = 'ended') = (ended_reason is not null)`)
@Index('enrolment_open', ['organisationId', 'invoiceId'], { unique: true, where: `state = 'open'` })
@Index('enrolment_invoice', ['organisationId', 'invoiceId'])
@Index('enrolment_customer', ['organisationId', 'customerId'])
@Index('enrolment_campaign', ['organisationId', 'campaignId', 'id'], { where: `state = 'open'` })
@Index('enrolment_due', ['organisationId', 'nextDueAt'], { where: `state = 'open'` })
@Index('enrolment_unplanned', ['organisationId', 'id'], { where: `planned_version < facts_version` })
@Index('enrolment_rule_entered', ['organisationId', 'ruleId', 'enrolledAt'], {
  where: 'rule_id is not null',
})
@Index('enrolment_stopped', ['organisationId', 'id'], { where: 'waits_for_release' })
export class Enrolment {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid')
  campaignId!: string;

  @Column('uuid')
  versionId!: string;

  @Column('int', { default: 1 })
  runNo!: number;

  @Column('text')
  entryRule!: EntryRule;

  @Column('text', { default: () => "'open'" })
  state!: EnrolmentState;

  @Column('text', { nullable: true })
  endedReason!: string | null;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('timestamptz')
  enrolledAt!: Date;

  @Column('jsonb')
  cursor!: Cursor;

  @Column('timestamptz', { nullable: true })
  nextDueAt!: Date | null;

  @Column('int', { default: 1 })
  factsVersion!: number;

  @Column('int', { default: 0 })
  plannedVersion!: number;

  @RecordedAt()
  recordedAt!: Date;

  /** Planned while its organisation was stopped, its books were stale or its rules were others: to be planned anew. */
  @Column('boolean', { default: false })
  waitsForRelease!: boolean;

  /** Paused by itself, on the organisation's clock. */
  @Column('timestamptz', { nullable: true })
  pausedAt!: Date | null;

  /** The rule that enrolled it; null: a person did. */
  @Column('uuid', { nullable: true })
  ruleId!: string | null;

  @BelongsTo(() => EnrolmentRule, 'rule_id')
  rule?: Relation<EnrolmentRule> | null;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice>;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Campaign, 'campaign_id')
  campaign?: Relation<Campaign>;

  @BelongsToWithin(() => CampaignVersion, 'version_id', { column: 'campaign_id', property: 'campaignId' })
  version?: Relation<CampaignVersion>;
}
