import { Check, Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsTo, Id, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';

/** What the creditor gave back without money. */
@Entity('credit_note')
@Check('credit_note_amount_minor_check', `amount_minor > 0`)
@Unique(['organisationId', 'externalId'])
@Index('credit_note_customer', ['organisationId', 'customerId'])
export class CreditNote {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('uuid')
  customerId!: string;

  @Column('bigint')
  amountMinor!: number;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  /** Since when what no invoice got of it is kept as credit; null: it is not. */
  @Column('timestamptz', { nullable: true })
  keptAt!: Date | null;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;
}
