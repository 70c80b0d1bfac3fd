import { Check, Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { LocalDate } from '#domain/instant.js';
import { invoiceMachine, statesOf } from '#domain/transitions.js';
import type { InvoiceState } from '#domain/transitions.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Creditor } from './creditor.entity.js';
import { Customer } from './customer.entity.js';
import { Document } from './document.entity.js';

/** What is owed, in minor units. The balance is derived from allocations and never stored. */
@Entity('invoice')
@Check('invoice_total_minor_check', `total_minor > 0`)
@OneOf('invoice', 'status', statesOf(invoiceMachine))
@Check('invoice_check', `net_minor + tax_minor = total_minor`)
@Unique(['organisationId', 'externalId'])
@Index('invoice_open', ['organisationId', 'dueOn', 'id'], { where: `status = 'open'` })
@Index('invoice_customer', ['organisationId', 'customerId'])
@Index('invoice_number', ['organisationId', 'number'])
export class Invoice {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text')
  number!: string;

  @Column('uuid')
  creditorId!: string;

  @Column('uuid')
  customerId!: string;

  @Column('text', { default: () => "'invoice'" })
  kind!: string;

  @Column('bigint')
  netMinor!: number;

  @Column('bigint')
  taxMinor!: number;

  @Column('bigint')
  totalMinor!: number;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('date')
  issuedOn!: LocalDate;

  @Column('date')
  dueOn!: LocalDate;

  @Column('uuid', { nullable: true })
  documentId!: string | null;

  @Column('text', { default: () => "'open'" })
  status!: InvoiceState;

  @Column('timestamptz', { nullable: true })
  settledAt!: Date | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Creditor, 'creditor_id')
  creditor?: Relation<Creditor>;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Document, 'document_id')
  document?: Relation<Document> | null;
}
