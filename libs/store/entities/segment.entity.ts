import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** A saved filter of customers. Who is in it is looked up when it is used. */
@Entity('segment')
@Unique(['organisationId', 'externalId'])
export class Segment {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text')
  name!: string;

  /** Conditions of the API's schema. */
  @Column('jsonb')
  filter!: object;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
