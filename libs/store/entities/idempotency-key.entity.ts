import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** What was answered to a request with an `Idempotency-Key`, written in the transaction of its effect. */
@Entity('idempotency_key')
@Index('idempotency_key_age', ['recordedAt'])
export class IdempotencyKey {
  @OrganisationId()
  organisationId!: string;

  @PrimaryColumn('text')
  key!: string;

  @PrimaryColumn('text')
  route!: string;

  @Column('bytea')
  bodyHash!: Buffer;

  @Column('int')
  status!: number;

  @Column('jsonb', { nullable: true })
  response!: unknown;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
