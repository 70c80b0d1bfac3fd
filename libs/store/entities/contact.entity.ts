import { Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { MessageMedium } from '#domain/medium.js';
import { type DeliveryState, RECEIPT_KINDS, type Resolution, RESOLUTIONS } from '#domain/delivery.js';
import { SMS_ENCODINGS, type SmsEncoding } from '#domain/medium.js';
import { contactMachine, statesOf } from '#domain/transitions.js';
import type { ContactState } from '#domain/transitions.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { ContactPoint } from './contact-point.entity.js';
import { Customer } from './customer.entity.js';
import { Enrolment } from './enrolment.entity.js';
import { Invoice } from './invoice.entity.js';
import { TemplateVersion } from './template-version.entity.js';

/** One outbound communication to one contact point, written before the provider is called. */
@Entity('contact')
@OneOf('contact', 'kind', ['reminder', 'statement', 'answer', 'confirmation', 'receipt'])
@OneOf('contact', 'state', statesOf(contactMachine))
@OneOf('contact', 'delivery', RECEIPT_KINDS)
@OneOf('contact', 'resolution', RESOLUTIONS)
@OneOf('contact', 'encoding', SMS_ENCODINGS)
@Unique(['organisationId', 'sendKey'])
@Index('contact_customer', ['organisationId', 'customerId', 'decidedAt'])
@Index('contact_by_id', ['id'])
@Index('contact_thread', ['organisationId', 'invoiceId', 'pointId', 'decidedAt'], {
  where: `thread is not null`,
})
@Index('contact_failed', ['organisationId', 'invoiceId'], {
  where: `state in ('rejected', 'not_reached', 'throttled')`,
})
@Index('contact_unknown', ['organisationId', 'decidedAt'], { where: `state = 'unknown'` })
@Index('contact_untold', ['organisationId', 'recordedAt'], {
  where: `state = 'accepted' and (delivery is null or delivery in ('accepted', 'deferred'))`,
})
@Index('contact_attempting', ['organisationId', 'customerId'], { where: `state = 'attempting'` })
export class Contact {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid', { nullable: true })
  invoiceId!: string | null;

  @Column('uuid', { nullable: true })
  enrolmentId!: string | null;

  @Column('uuid')
  pointId!: string;

  /** Contact points that got a copy. */
  @Column('uuid', { array: true, default: () => `'{}'` })
  copiedTo!: string[];

  /** One per (attempt or merge group, recipient point, try after a definite failure). */
  @Column('text')
  sendKey!: string;

  @Column('text')
  medium!: MessageMedium;

  @Column('text')
  purpose!: string;

  @Column('text')
  kind!: 'reminder' | 'statement' | 'answer' | 'confirmation' | 'receipt';

  @Column('text', { default: () => "'campaign'" })
  initiatedBy!: string;

  @Column('text', { default: () => "'contact'" })
  countsAs!: string;

  @Column('jsonb')
  sender!: Record<string, unknown>;

  @Column('text')
  state!: ContactState;

  @Column('text', { nullable: true })
  outcomeCode!: string | null;

  @Column('text')
  provider!: string;

  @Column('text', { nullable: true })
  providerId!: string | null;

  /** Of an e-mail the Message-ID of the first one of its thread: what this address got about this invoice. */
  @Column('text', { nullable: true })
  thread!: string | null;

  @Column('uuid', { nullable: true })
  templateVersionId!: string | null;

  @Column('jsonb')
  snapshot!: Record<string, unknown>;

  @Column('bigint', { nullable: true })
  costMinor!: number | null;

  @Column('char', { length: 3, nullable: true })
  costCurrency!: string | null;

  @Column('int')
  factsVersion!: number;

  @Column('timestamptz')
  decidedAt!: Date;

  @Column('timestamptz')
  leaseUntil!: Date;

  @Column('timestamptz', { nullable: true })
  settledAt!: Date | null;

  /** What its receipts come to; null while there are none. */
  @Column('text', { nullable: true })
  delivery!: DeliveryState | null;

  @Column('timestamptz', { nullable: true })
  deliveredAt!: Date | null;

  /** How it became known what became of a message that may have gone out. */
  @Column('text', { nullable: true })
  resolution!: Resolution | null;

  /** How often its provider was asked what became of it, where no receipt said so. */
  @Column('int', { default: 0 })
  polls!: number;

  /** Of an SMS: how many parts its provider bills; null for one of before they were counted. */
  @Column('int', { nullable: true })
  parts!: number | null;

  @Column('text', { nullable: true })
  encoding!: SmsEncoding | null;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice> | null;

  @BelongsTo(() => Enrolment, 'enrolment_id')
  enrolment?: Relation<Enrolment> | null;

  @BelongsTo(() => ContactPoint, 'point_id')
  point?: Relation<ContactPoint>;

  @BelongsTo(() => TemplateVersion, 'template_version_id')
  templateVersion?: Relation<TemplateVersion> | null;
}
