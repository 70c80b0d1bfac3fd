import { Column, Entity, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import type { EventFacts } from '#domain/facts.js';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Invoice } from './invoice.entity.js';

/** Something that happened to an invoice and that a step may wait for. */
@Entity('invoice_event')
@OneOf('invoice_event', 'kind', ['payment_failed', 'milestone_completed', 'invoice_viewed'])
@Unique(['organisationId', 'invoiceId', 'kind', 'sequence'])
export class InvoiceEvent {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  invoiceId!: string;

  @Column('text')
  kind!: EventFacts['kind'];

  @Column('int')
  sequence!: number;

  @Column('jsonb', { default: () => "'{}'" })
  evidence!: Record<string, unknown>;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @BelongsTo(() => Invoice, 'invoice_id', { onDelete: 'CASCADE' })
  invoice?: Relation<Invoice>;
}
