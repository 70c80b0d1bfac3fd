import { Check, Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsTo, BelongsToWithin, Id, OrganisationId, RecordedAt } from './columns.js';
import { CreditNote } from './credit-note.entity.js';
import { InvoicePart } from './invoice-part.entity.js';
import { Invoice } from './invoice.entity.js';
import { Payment } from './payment.entity.js';

/** So much of a payment or credit note pays so much of an invoice part. Reversing one reopens exactly that. */
@Entity('allocation')
@Check('allocation_amount_minor_check', `amount_minor > 0`)
@Check('allocation_check', `num_nonnulls(payment_id, credit_note_id) = 1`)
@Index('allocation_part', ['organisationId', 'partId'])
@Index('allocation_invoice', ['organisationId', 'invoiceId'])
@Index('allocation_payment', ['organisationId', 'paymentId'], { where: `payment_id is not null` })
@Index('allocation_credit_note', ['organisationId', 'creditNoteId'], { where: `credit_note_id is not null` })
export class Allocation {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid', { nullable: true })
  paymentId!: string | null;

  @Column('uuid', { nullable: true })
  creditNoteId!: string | null;

  @Column('uuid')
  invoiceId!: string;

  @Column('uuid')
  partId!: string;

  @Column('bigint')
  amountMinor!: number;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  reversedAt!: Date | null;

  @BelongsTo(() => Payment, 'payment_id')
  payment?: Relation<Payment> | null;

  @BelongsTo(() => CreditNote, 'credit_note_id')
  creditNote?: Relation<CreditNote> | null;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice>;

  @BelongsToWithin(() => InvoicePart, 'part_id', { column: 'invoice_id', property: 'invoiceId' })
  part?: Relation<InvoicePart>;
}
