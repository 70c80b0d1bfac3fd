import { Column, Entity } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** A file that belongs to an invoice, as its PDF. */
@Entity('document')
export class Document {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  filename!: string;

  @Column('text')
  contentType!: string;

  @Column('bytea')
  content!: Buffer;

  @Column('bytea')
  sha256!: Buffer;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
