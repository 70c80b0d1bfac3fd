import { Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import type { PointKind } from '#domain/medium.js';
import { BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** An address that may not be written to, whoever it belongs to; until it is lifted. */
@Entity('suppression')
@OneOf('suppression', 'kind', ['email', 'phone', 'telegram'])
@Index('suppression_active', ['organisationId', 'kind', 'normalised'], {
  unique: true,
  where: `lifted_at is null`,
})
export class Suppression {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  kind!: PointKind;

  @Column('text')
  normalised!: string;

  @Column('text')
  reason!: string;

  @Column('jsonb', { default: () => "'{}'" })
  evidence!: Record<string, unknown>;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  liftedAt!: Date | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
