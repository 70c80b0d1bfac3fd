import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsTo, OrganisationId, RecordedAt } from './columns.js';
import { Customer } from './customer.entity.js';

/** The arm of an experiment that a customer was shown, once and for all. */
@Entity('exposure')
export class Exposure {
  @OrganisationId()
  organisationId!: string;

  @PrimaryColumn('uuid')
  customerId!: string;

  @PrimaryColumn('text')
  experiment!: string;

  @Column('text')
  arm!: string;

  @Column('text')
  seed!: string;

  @Column('timestamptz')
  exposedAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Customer, 'customer_id', { onDelete: 'CASCADE' })
  customer?: Relation<Customer>;
}
