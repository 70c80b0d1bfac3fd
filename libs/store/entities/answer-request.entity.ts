import { Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import type { MessageMedium } from '#domain/medium.js';
import type { Tries } from '#domain/planning/cursor.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { ContactPoint } from './contact-point.entity.js';
import { Contact } from './contact.entity.js';
import { Customer } from './customer.entity.js';
import { Enrolment } from './enrolment.entity.js';
import { InboundMessage } from './inbound-message.entity.js';
import { Invoice } from './invoice.entity.js';

/** An answer or confirmation that somebody asked for and that the workflow sends. */
@Entity('answer_request')
@OneOf('answer_request', 'kind', ['answer', 'confirmation'])
@OneOf('answer_request', 'state', ['waiting', 'sent', 'failed'])
@Index('answer_request_waiting', ['organisationId', 'invoiceId'], { where: `state = 'waiting'` })
@Index('answer_request_consent', ['organisationId', 'pointId'], {
  where: `template_key = 'consent-confirmation'`,
})
@Index('answer_request_inbound', ['organisationId', 'pointId'], { where: 'inbound_id is not null' })
export class AnswerRequest {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('uuid')
  enrolmentId!: string;

  @Column('text')
  kind!: 'answer' | 'confirmation';

  @Column('text')
  templateKey!: string;

  @Column('text')
  medium!: MessageMedium;

  @Column('jsonb', { default: () => "'{}'" })
  facts!: Record<string, unknown>;

  @Column('text', { default: () => "'waiting'" })
  state!: 'waiting' | 'sent' | 'failed';

  /** Of tries that certainly did not go out. */
  @Column('jsonb', { nullable: true })
  tries!: Tries | null;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  /** Where it goes; null: to the first address by its medium. */
  @Column('uuid', { nullable: true })
  pointId!: string | null;

  /** The message that it confirms by itself; null: somebody asked for it. */
  @Column('uuid', { nullable: true })
  inboundId!: string | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice>;

  @BelongsTo(() => Enrolment, 'enrolment_id')
  enrolment?: Relation<Enrolment>;

  @BelongsTo(() => Contact, 'contact_id')
  contact?: Relation<Contact> | null;

  @BelongsTo(() => ContactPoint, 'point_id')
  point?: Relation<ContactPoint> | null;

  @BelongsTo(() => InboundMessage, 'inbound_id')
  inbound?: Relation<InboundMessage> | null;
}
