import { Check, Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { LocalDate } from '#domain/instant.js';
import { BelongsTo, Id, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';
import { Invoice } from './invoice.entity.js';

/** An agreement to pay what is open of an invoice in dated parts. */
@Entity('instalment_plan')
@Check('instalment_plan_grace_days_check', `grace_days between 0 and 30`)
@Check('instalment_plan_misses_allowed_check', `misses_allowed between 1 and 12`)
@Unique(['organisationId', 'invoiceId', 'number'])
export class InstalmentPlan {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('int')
  number!: number;

  /** By date; minor units. */
  @Column('jsonb')
  parts!: { dueOn: LocalDate; amount: number }[];

  @Column('int')
  graceDays!: number;

  /** So many parts that were missed end it. */
  @Column('int')
  missesAllowed!: number;

  @Column('timestamptz', { nullable: true })
  cancelledAt!: Date | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice>;
}
