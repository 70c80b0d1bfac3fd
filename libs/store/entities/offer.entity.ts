import { Check, Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsTo, Id, OrganisationId, RecordedAt } from './columns.js';
import { Contact } from './contact.entity.js';
import { Customer } from './customer.entity.js';
import { Invoice } from './invoice.entity.js';

/** A discount for paying by a date; single use. */
@Entity('offer')
@Check('offer_amount_off_minor_check', `amount_off_minor > 0`)
@Unique(['organisationId', 'code'])
export class Offer {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('text')
  code!: string;

  @Column('bigint')
  amountOffMinor!: number;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('timestamptz')
  validFrom!: Date;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  redeemedAt!: Date | null;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice>;

  @BelongsTo(() => Contact, 'contact_id')
  contact?: Relation<Contact> | null;
}
