import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** Lets a program in, as one of the roles. Only a hash of the key is kept; `hint` is its readable beginning. */
@Entity('api_key')
@OneOf('api_key', 'role', ['admin', 'manager', 'marketer', 'agent', 'viewer'])
@Unique(['hash'])
export class ApiKey {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  role!: 'admin' | 'manager' | 'marketer' | 'agent' | 'viewer';

  @Column('bytea')
  hash!: Buffer;

  @Column('text')
  hint!: string;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
