import { Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { type ReceiptKind, RECEIPT_KINDS } from '#domain/delivery.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Contact } from './contact.entity.js';

/** What a provider told of a message it took; told again, it is the same row. */
@Entity('receipt')
@OneOf('receipt', 'kind', RECEIPT_KINDS)
@Unique(['organisationId', 'provider', 'eventKey'])
@Index('receipt_contact', ['organisationId', 'contactId'])
@Index('receipt_waiting', ['organisationId', 'recordedAt'], { where: 'applied_at is null' })
export class Receipt {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  contactId!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  eventKey!: string;

  @Column('text', { nullable: true })
  providerId!: string | null;

  @Column('text')
  kind!: ReceiptKind;

  /** A scanner, a proxy or a prefetcher did it. */
  @Column('boolean', { default: false })
  byMachine!: boolean;

  @Column('boolean', { default: false })
  addressIsBad!: boolean;

  @Column('text', { nullable: true })
  code!: string | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  appliedAt!: Date | null;

  @BelongsTo(() => Contact, 'contact_id')
  contact?: Relation<Contact>;
}
