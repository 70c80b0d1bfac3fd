import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsTo, Id, OneOf, OrganisationId } from './columns.js';
import { Customer } from './customer.entity.js';

/** Whom to write to at a customer. */
@Entity('contact_person')
@OneOf('contact_person', 'formality', ['formal', 'informal'])
@Unique(['organisationId', 'customerId', 'externalId'])
export class ContactPerson {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  customerId!: string;

  @Column('text')
  externalId!: string;

  @Column('int', { default: 0 })
  position!: number;

  @Column('text', { array: true, default: () => "'{accounts_payable}'" })
  roles!: string[];

  @Column('text', { nullable: true })
  name!: string | null;

  @Column('text', { nullable: true })
  givenName!: string | null;

  @Column('text', { nullable: true })
  familyName!: string | null;

  @Column('text', { nullable: true })
  patronymic!: string | null;

  @Column('text', { nullable: true })
  salutation!: string | null;

  @Column('text', { nullable: true })
  formality!: 'formal' | 'informal' | null;

  @Column('text', { nullable: true })
  locale!: string | null;

  @BelongsTo(() => Customer, 'customer_id', { onDelete: 'CASCADE' })
  customer?: Relation<Customer>;
}
