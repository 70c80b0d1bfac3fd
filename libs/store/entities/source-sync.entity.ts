import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** How fresh the books are: all that the source knew until then has been read. */
@Entity('source_sync')
export class SourceSync {
  @OrganisationId()
  organisationId!: string;

  @PrimaryColumn('text')
  source!: string;

  @Column('timestamptz')
  completeThrough!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
