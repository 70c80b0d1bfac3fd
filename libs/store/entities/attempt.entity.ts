import { Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { Medium } from '#domain/medium.js';
import { Campaign } from './campaign.entity.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Contact } from './contact.entity.js';
import { Customer } from './customer.entity.js';
import { Enrolment } from './enrolment.entity.js';
import { Invoice } from './invoice.entity.js';

/** `rule` is what reports count by, `text` a sentence for people. */
export interface DecisionReason {
  rule: string;
  text: string;
}

/** One enrolment's step coming due: what was decided, and why. */
@Entity('attempt')
@OneOf('attempt', 'decision', ['sent', 'task', 'deferred', 'merged', 'suppressed'])
@Unique('attempt_once', ['organisationId', 'invoiceId', 'campaignId', 'stepKey', 'runNo', 'occurrence'])
@Index('attempt_enrolment', ['organisationId', 'enrolmentId', 'decidedAt'])
@Index('attempt_customer', ['organisationId', 'customerId', 'decidedAt'])
export class Attempt {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  enrolmentId!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid')
  campaignId!: string;

  @Column('text')
  stepKey!: string;

  @Column('int')
  stepIndex!: number;

  @Column('int')
  runNo!: number;

  @Column('int')
  occurrence!: number;

  @Column('timestamptz')
  dueAt!: Date;

  @Column('text')
  decision!: 'sent' | 'task' | 'deferred' | 'merged' | 'suppressed';

  @Column('jsonb', { default: () => "'[]'" })
  reasons!: DecisionReason[];

  /** Rules that put it off before it was decided, each once. */
  @Column('text', { array: true, default: () => "'{}'" })
  deferredBy!: string[];

  @Column('int')
  factsVersion!: number;

  @Column('timestamptz')
  decidedAt!: Date;

  @Column('text', { nullable: true })
  medium!: Medium | null;

  @Column('text', { nullable: true })
  variantKey!: string | null;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Enrolment, 'enrolment_id')
  enrolment?: Relation<Enrolment>;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice>;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Campaign, 'campaign_id')
  campaign?: Relation<Campaign>;

  @BelongsTo(() => Contact, 'contact_id')
  contact?: Relation<Contact> | null;
}
