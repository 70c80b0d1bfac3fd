import { Column, Entity, Index, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { ZONE_SOURCES, type ZoneSource } from '#domain/country-zones.js';
import type { Medium } from '#domain/medium.js';
import type { OwnRules } from '#domain/policy/own-rules.js';
import { AccountManager } from './account-manager.entity.js';
import { BelongsTo, BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** Who owes. `factsVersion` rises, under this row's lock, with every payment, opt-out, dispute and hold. */
@Entity('customer')
@OneOf('customer', 'kind', ['person', 'company'])
@OneOf('customer', 'zone_source', ZONE_SOURCES)
@Unique(['organisationId', 'externalId'])
@Index('customer_parent', ['organisationId', 'parentId'], { where: 'parent_id is not null' })
export class Customer {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text', { default: () => "'company'" })
  kind!: 'person' | 'company';

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  country!: string | null;

  @Column('text', { nullable: true })
  region!: string | null;

  @Column('text')
  zone!: string;

  @Column('text', { default: () => "'given'" })
  zoneSource!: ZoneSource;

  @Column('text', { default: () => "'en'" })
  locale!: string;

  @Column('text', { nullable: true })
  preferredMedium!: Medium | null;

  /** Rules of contact of their own. */
  @Column('jsonb', { nullable: true })
  wishes!: OwnRules | null;

  /** Messages to them wait to be approved. */
  @Column('boolean', { default: false })
  vip!: boolean;

  @Column('jsonb', { nullable: true })
  address!: Record<string, unknown> | null;

  @Column('uuid', { nullable: true })
  parentId!: string | null;

  @Column('uuid', { nullable: true })
  accountManagerId!: string | null;

  /** Currencies of money that no invoice got and nobody keeps as credit: brought in line by every change of it. */
  @Column('text', { array: true, default: () => `'{}'` })
  unapplied!: string[];

  @Column('int', { default: 1 })
  factsVersion!: number;

  @RecordedAt()
  recordedAt!: Date;

  /** When everything about its people was taken out, because they asked; null: it was not. */
  @Column('timestamptz', { nullable: true })
  erasedAt!: Date | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;

  @BelongsTo(() => Customer, 'parent_id')
  parent?: Relation<Customer> | null;

  @BelongsTo(() => AccountManager, 'account_manager_id')
  accountManager?: Relation<AccountManager> | null;
}
