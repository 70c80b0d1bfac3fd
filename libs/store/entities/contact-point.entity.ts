import { Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { PointKind } from '#domain/medium.js';
import { BelongsTo, Id, OneOf, OrganisationId } from './columns.js';
import { ContactPerson } from './contact-person.entity.js';

/** An address of a person. `normalised` is what two spellings of the same address share. */
@Entity('contact_point')
@OneOf('contact_point', 'kind', ['email', 'phone', 'telegram'])
@OneOf('contact_point', 'status', ['active', 'invalid', 'retired'])
@Unique(['organisationId', 'personId', 'kind', 'normalised'])
@Index('contact_point_address', ['organisationId', 'kind', 'normalised'])
export class ContactPoint {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  personId!: string;

  @Column('text')
  kind!: PointKind;

  @Column('text')
  value!: string;

  @Column('text')
  normalised!: string;

  @Column('int', { default: 0 })
  position!: number;

  @Column('text', { default: () => "'active'" })
  status!: 'active' | 'invalid' | 'retired';

  @Column('text', { nullable: true })
  reason!: string | null;

  @BelongsTo(() => ContactPerson, 'person_id', { onDelete: 'CASCADE' })
  person?: Relation<ContactPerson>;
}
