import { Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import type { HoldFacts } from '#domain/facts.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';
import { Invoice } from './invoice.entity.js';

/** A typed pause. Active while `releasedAt` is null and `expiresAt` has not come. */
@Entity('hold')
@OneOf('hold', 'kind', ['dispute', 'promise', 'plan', 'hardship', 'bankruptcy', 'legal', 'manual', 'reply'])
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
  kind!: HoldFacts['kind'];

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
