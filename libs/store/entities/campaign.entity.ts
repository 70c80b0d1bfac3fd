import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** A ladder of steps; what it says is in its versions. */
@Entity('campaign')
@Unique(['organisationId', 'externalId'])
export class Campaign {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text')
  name!: string;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
