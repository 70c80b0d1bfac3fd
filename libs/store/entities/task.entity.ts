import { Check, Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import { TASK_KINDS, type TaskKind } from '#domain/task.js';
import { statesOf, taskMachine } from '#domain/transitions.js';
import type { TaskState } from '#domain/transitions.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';
import { Enrolment } from './enrolment.entity.js';
import { Invoice } from './invoice.entity.js';

/** Human work that the ladder asked for. */
@Entity('task')
@OneOf('task', 'kind', TASK_KINDS)
@OneOf('task', 'state', statesOf(taskMachine))
@Check('task_check', `(state = 'done') = (outcome is not null)`)
@Index('task_open', ['organisationId', 'dueAt'], { where: `state = 'open'` })
@Index('task_enrolment', ['organisationId', 'enrolmentId'])
@Index('task_customer', ['organisationId', 'customerId'])
@Index('task_step_open', ['organisationId', 'enrolmentId', 'stepKey', 'occurrence'], {
  unique: true,
  where: `state = 'open' and step_key is not null`,
})
@Index('task_reply_open', ['organisationId', 'customerId'], {
  unique: true,
  where: `state = 'open' and kind = 'reply'`,
})
@Index('task_allocate_open', ['organisationId', 'customerId'], {
  unique: true,
  where: `state = 'open' and kind = 'allocate'`,
})
export class Task {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  kind!: TaskKind;

  @Column('uuid')
  customerId!: string;

  @Column('uuid', { nullable: true })
  invoiceId!: string | null;

  @Column('uuid', { nullable: true })
  enrolmentId!: string | null;

  @Column('text', { nullable: true })
  stepKey!: string | null;

  @Column('int', { nullable: true })
  occurrence!: number | null;

  @Column('text', { default: () => "'open'" })
  state!: TaskState;

  @Column('text', { nullable: true })
  assignee!: string | null;

  @Column('timestamptz')
  dueAt!: Date;

  /** The ladder goes on without an outcome after this; null: it does not wait. */
  @Column('timestamptz', { nullable: true })
  waitUntil!: Date | null;

  @Column('jsonb', { default: () => "'{}'" })
  brief!: Record<string, unknown>;

  @Column('text', { nullable: true })
  outcome!: string | null;

  @Column('jsonb', { nullable: true })
  outcomeDetail!: Record<string, unknown> | null;

  @Column('text', { nullable: true })
  completedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice> | null;

  @BelongsTo(() => Enrolment, 'enrolment_id')
  enrolment?: Relation<Enrolment> | null;
}
