import { Check, Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { LocalDate } from '#domain/instant.js';
import { BelongsTo, Id, OrganisationId } from './columns.js';
import { Invoice } from './invoice.entity.js';

/** A dated part, instalment or milestone of an invoice; an invoice has at least one. */
@Entity('invoice_part')
@Check('invoice_part_amount_minor_check', `amount_minor > 0`)
@Check('invoice_part_check', `due_on is not null or milestone is not null`)
@Unique(['organisationId', 'invoiceId', 'sequence'])
@Unique(['organisationId', 'invoiceId', 'id'])
export class InvoicePart {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('int')
  sequence!: number;

  @Column('bigint')
  amountMinor!: number;

  @Column('date', { nullable: true })
  dueOn!: LocalDate | null;

  @Column('text', { nullable: true })
  milestone!: string | null;

  /** ISO 8601: how long after its milestone it is due; null: as long as the invoice is after its issue. */
  @Column('text', { nullable: true })
  dueAfter!: string | null;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @BelongsTo(() => Invoice, 'invoice_id', { onDelete: 'CASCADE' })
  invoice?: Relation<Invoice>;
}
