import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, OrganisationId } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** Messages of one day of an organisation that has a daily ceiling. */
@Entity('sending_day')
export class SendingDay {
  @OrganisationId()
  organisationId!: string;

  @PrimaryColumn('date')
  day!: string;

  @Column('int')
  sent!: number;

  /** When the ceiling kept something back for the first time that day. */
  @Column('timestamptz', { nullable: true })
  reachedAt!: Date | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
