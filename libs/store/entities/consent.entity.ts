import { Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import type { Medium } from '#domain/medium.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { ContactPoint } from './contact-point.entity.js';
import { Customer } from './customer.entity.js';

/** A consent given or withdrawn, or pending until its owner confirms it, which allows nothing; the latest `effectiveAt` holds. */
@Entity('consent')
@OneOf('consent', 'state', ['granted', 'withdrawn', 'pending'])
@Index('consent_customer', ['organisationId', 'customerId'])
export class Consent {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  @Column('uuid', { nullable: true })
  pointId!: string | null;

  @Column('text')
  medium!: Medium;

  @Column('text')
  purpose!: string;

  @Column('text')
  state!: 'granted' | 'withdrawn' | 'pending';

  @Column('jsonb')
  evidence!: Record<string, unknown>;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Customer, 'customer_id', { onDelete: 'CASCADE' })
  customer?: Relation<Customer>;

  @BelongsTo(() => ContactPoint, 'point_id', { onDelete: 'CASCADE' })
  point?: Relation<ContactPoint> | null;
}
