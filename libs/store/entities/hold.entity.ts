import { Check, Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import { HOLD_KINDS, type HoldKind, type ResumeRule } from '#domain/holds.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';
import { Invoice } from './invoice.entity.js';

/** A typed pause. Active while `releasedAt` is null and `expiresAt` has not come. */
@Entity('hold')
@OneOf('hold', 'kind', HOLD_KINDS)
@Check('hold_amount_minor_check', `amount_minor is null or (amount_minor > 0 and kind = 'dispute')`)
@Index('hold_resume', ['organisationId', 'customerId'], { where: `resume is not null` })
@Index('hold_customer', ['organisationId', 'customerId'], { where: `released_at is null` })
export class Hold {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  /** Null: every invoice of the customer. */
  @Column('uuid', { nullable: true })
  invoiceId!: string | null;

  @Column('text')
  kind!: HoldKind;

  /** Of a dispute about a part of the invoice; null: all of it. */
  @Column('bigint', { nullable: true })
  amountMinor!: number | null;

  /** Where the ladder goes on when it ends; null: with the step that waited. */
  @Column('jsonb', { nullable: true })
  resume!: ResumeRule | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('jsonb', { default: () => "'{}'" })
  evidence!: Record<string, unknown>;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  releasedAt!: Date | null;

  @BelongsTo(() => Customer, 'customer_id')
  customer?: Relation<Customer>;

  @BelongsTo(() => Invoice, 'invoice_id')
  invoice?: Relation<Invoice> | null;
}
