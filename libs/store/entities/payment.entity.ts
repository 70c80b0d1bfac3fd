import { Check, Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { paymentMachine, statesOf } from '#domain/transitions.js';
import { REVERSAL_KINDS, type ReversalKind } from '#domain/reversal.js';
import type { PaymentState } from '#domain/transitions.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';

/** Money received, or announced, from a customer. */
@Entity('payment')
@Check('payment_amount_minor_check', `amount_minor > 0`)
@OneOf('payment', 'status', statesOf(paymentMachine))
@OneOf('payment', 'reversal_kind', REVERSAL_KINDS)
@Unique(['organisationId', 'externalId'])
@Index('payment_customer', ['organisationId', 'customerId'])
export class Payment {
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

  @Column('text')
  status!: PaymentState;

  @Column('text', { nullable: true })
  method!: string | null;

  @Column('text', { nullable: true })
  reference!: string | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  /** Since when what no invoice got of it is kept as credit; null: it is not. */
  @Column('timestamptz', { nullable: true })
  keptAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  reversedAt!: Date | null;

  @Column('text', { nullable: true })
  reversalReason!: string | null;

  @Column('text', { nullable: true })
  reversalKind!: ReversalKind | null;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;
}
