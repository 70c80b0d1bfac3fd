import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** One immutable version of a template in one locale. */
@Entity('template_version')
@Unique(['organisationId', 'key', 'locale', 'number'])
export class TemplateVersion {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  key!: string;

  @Column('text')
  locale!: string;

  @Column('int')
  number!: number;

  @Column('jsonb')
  source!: Record<string, unknown>;

  @Column('jsonb')
  compiled!: Record<string, unknown>;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
