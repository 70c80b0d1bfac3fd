import { Check, Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { EntryRule } from '#domain/campaign/document.js';
import { Campaign } from './campaign.entity.js';
import { BelongsTo, BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** Which invoices enter which campaign by themselves. */
@Entity('enrolment_rule')
@OneOf('enrolment_rule', 'entry', ['gentle', 'by_age', 'skip'])
@OneOf('enrolment_rule', 'state', ['active', 'paused'])
@Check('enrolment_rule_overdue_per_day_check', `overdue_per_day > 0`)
@Unique(['organisationId', 'externalId'])
export class EnrolmentRule {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text')
  name!: string;

  /** Null: what it takes is enrolled nowhere. */
  @Column('uuid', { nullable: true })
  campaignId!: string | null;

  /** The lowest is asked first. */
  @Column('int', { default: 100 })
  priority!: number;

  /** Conditions of the API's schema, as the next. */
  @Column('jsonb', { default: () => `'{}'` })
  audience!: object;

  @Column('jsonb', { nullable: true })
  exception!: object | null;

  @Column('jsonb', { default: () => `'[]'` })
  minimumBalance!: { currency: string; amount: string }[];

  @Column('text', { nullable: true })
  entry!: EntryRule | null;

  /** Customers with overdue invoices that enter on one day; null: any number. */
  @Column('int', { nullable: true })
  overduePerDay!: number | null;

  @Column('boolean', { default: false })
  onlyAtNight!: boolean;

  @Column('text', { default: () => "'paused'" })
  state!: 'active' | 'paused';

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;

  @BelongsTo(() => Campaign, 'campaign_id')
  campaign?: Relation<Campaign> | null;
}
