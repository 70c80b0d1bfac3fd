import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, OrganisationId } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** How far one sender's line at one provider reaches. Real time. */
@Entity('sending_rate')
export class SendingRate {
  @OrganisationId()
  organisationId!: string;

  @PrimaryColumn('text')
  provider!: string;

  @PrimaryColumn('text')
  sender!: string;

  /** The end of the line: the theoretical arrival time of the generic cell rate algorithm. */
  @Column('timestamptz')
  nextAt!: Date;

  /** The provider asked for nothing before. */
  @Column('timestamptz', { nullable: true })
  blockedUntil!: Date | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
