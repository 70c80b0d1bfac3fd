import { Column, Entity, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import type { StepPurpose } from '#domain/campaign/document.js';
import { type Medium, MEDIA, type PointKind } from '#domain/medium.js';
import { BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/**
 * An address that may not be written to, whoever it belongs to; until it is lifted. With a medium only by that, with a
 * purpose only for that.
 */
@Entity('suppression')
@OneOf('suppression', 'kind', ['email', 'phone', 'telegram'])
@OneOf('suppression', 'medium', MEDIA)
@OneOf('suppression', 'purpose', ['reminder', 'notice'])
// That nulls are not distinct cannot be said here.
@Index('suppression_active', { synchronize: false })
export class Suppression {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  kind!: PointKind;

  @Column('text')
  normalised!: string;

  @Column('text', { nullable: true })
  medium!: Medium | null;

  @Column('text', { nullable: true })
  purpose!: StepPurpose | null;

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
