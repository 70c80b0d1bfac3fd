import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OrganisationId } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** Who looks after a customer. */
@Entity('account_manager')
@Unique(['organisationId', 'externalId'])
export class AccountManager {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  email!: string;

  @Column('text')
  phone!: string;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
