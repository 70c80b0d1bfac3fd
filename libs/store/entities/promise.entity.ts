import { Check, Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { LocalDate } from '#domain/instant.js';
import { BelongsTo, Id, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';
import { Hold } from './hold.entity.js';
import { Invoice } from './invoice.entity.js';
import { Task } from './task.entity.js';

/** A date and amount the customer undertook to pay. Named so because `Promise` is taken. */
@Entity('promise')
@Check('promise_amount_minor_check', `amount_minor > 0`)
@Unique(['organisationId', 'invoiceId', 'sequence'])
export class PromiseToPay {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('int')
  sequence!: number;

  @Column('bigint')
  amountMinor!: number;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('date')
  promisedOn!: LocalDate;

  @Column('uuid', { nullable: true })
  holdId!: string | null;

  @Column('uuid', { nullable: true })
  taskId!: string | null;

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

  @BelongsTo(() => Hold, 'hold_id')
  hold?: Relation<Hold> | null;

  @BelongsTo(() => Task, 'task_id')
  task?: Relation<Task> | null;
}
