import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** The legal entity that is owed. */
@Entity('creditor')
@OneOf('creditor', 'party', ['first', 'third'])
@Unique(['organisationId', 'externalId'])
export class Creditor {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('text')
  name!: string;

  @Column('text', { default: () => "'first'" })
  party!: 'first' | 'third';

  @Column('text', { nullable: true })
  vatId!: string | null;

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text', { nullable: true })
  website!: string | null;

  @Column('text')
  phone!: string;

  @Column('text')
  email!: string;

  @Column('jsonb', { default: () => "'[]'" })
  bankAccounts!: Record<string, unknown>[];

  @Column('jsonb', { default: () => "'{}'" })
  brand!: Record<string, unknown>;

  @Column('jsonb', { default: () => "'{}'" })
  senders!: Record<string, unknown>;

  /** How its e-mail is answered, and what it carries. */
  @Column('jsonb', { default: () => "'{}'" })
  mail!: Record<string, unknown>;

  @Column('text', { nullable: true })
  paymentLink!: string | null;

  @Column('text', { default: () => "'en'" })
  locale!: string;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
