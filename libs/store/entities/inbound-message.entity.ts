import { Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { INBOUND_READINGS, type InboundReading } from '#domain/conversation.js';
import { MESSAGE_MEDIA, type MessageMedium } from '#domain/medium.js';
import { BelongsTo, BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { ContactPerson } from './contact-person.entity.js';
import { Contact } from './contact.entity.js';
import { Customer } from './customer.entity.js';
import { Invoice } from './invoice.entity.js';
import { Organisation } from './organisation.entity.js';

/** What somebody wrote to one of our addresses; given again by its provider, it is the same row. */
@Entity('inbound_message')
@OneOf('inbound_message', 'kind', ['message', 'blocked', 'unblocked'])
@OneOf('inbound_message', 'medium', MESSAGE_MEDIA)
@OneOf('inbound_message', 'matched_by', ['reference', 'address', 'token', 'person'])
@OneOf('inbound_message', 'reading', INBOUND_READINGS)
@Unique(['organisationId', 'provider', 'eventKey'])
@Index('inbound_message_waiting', ['organisationId', 'recordedAt'], { where: 'applied_at is null' })
@Index('inbound_message_customer', ['organisationId', 'customerId', 'effectiveAt'])
@Index('inbound_message_sender', ['organisationId', 'medium', 'sender', 'effectiveAt'])
export class InboundMessage {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  eventKey!: string;

  @Column('text')
  kind!: 'message' | 'blocked' | 'unblocked';

  @Column('text')
  medium!: MessageMedium;

  /** In the normal form of a contact point. */
  @Column('text')
  sender!: string;

  @Column('text', { nullable: true })
  senderName!: string | null;

  @Column('text', { array: true, default: () => "'{}'" })
  recipients!: string[];

  @Column('text', { nullable: true })
  subject!: string | null;

  @Column('text')
  body!: string;

  @Column('jsonb', { default: () => "'{}'" })
  headers!: Record<string, string>;

  @Column('jsonb', { default: () => "'[]'" })
  attachments!: { filename: string; contentType: string; bytes: number }[];

  /** The message it answers, as far as it says. */
  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('uuid', { nullable: true })
  invoiceId!: string | null;

  /** Null: nobody can say whose it is. */
  @Column('uuid', { nullable: true })
  customerId!: string | null;

  @Column('uuid', { nullable: true })
  personId!: string | null;

  /** By what it was known whose it is; `person`: somebody said so. */
  @Column('text', { nullable: true })
  matchedBy!: 'reference' | 'address' | 'token' | 'person' | null;

  @Column('text', { nullable: true })
  reading!: InboundReading | null;

  /** When somebody is back, as their automatic reply says. */
  @Column('date', { nullable: true })
  returnsOn!: string | null;

  @Column('text', { nullable: true })
  thread!: string | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  appliedAt!: Date | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;

  @BelongsTo(() => Contact, 'contact_id')
  contact?: Relation<Contact> | null;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice> | null;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer> | null;

  @BelongsTo(() => ContactPerson, 'person_id')
  person?: Relation<ContactPerson> | null;
}
