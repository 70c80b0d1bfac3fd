import { Column, Entity, Generated, Index } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsTo, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** One event for one endpoint; those of one subject go out in the order of `sequence`. */
@Entity('webhook_delivery')
@OneOf('webhook_delivery', 'state', ['waiting', 'delivered', 'failed'])
@Index('webhook_delivery_waiting', ['organisationId', 'endpointId', 'subjectId', 'sequence'], {
  where: `state = 'waiting'`,
})
export class WebhookDelivery {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('uuid')
  endpointId!: string;

  /** What is kept in order: the invoice, or the customer where no invoice is concerned. */
  @Column('uuid')
  subjectId!: string;

  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS', insert: false, update: false })
  // TypeORM takes this word, but names it in the types of primary columns alone.
  @Generated('identity' as 'increment')
  sequence!: number;

  @Column('text')
  eventType!: string;

  @Column('jsonb')
  payload!: Record<string, unknown>;

  @Column('text', { default: () => "'waiting'" })
  state!: 'waiting' | 'delivered' | 'failed';

  @Column('int', { default: 0 })
  tries!: number;

  @Column('text', { nullable: true })
  lastStatus!: string | null;

  @Column('timestamptz')
  effectiveAt!: Date;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  deliveredAt!: Date | null;

  @BelongsTo(() => WebhookEndpoint, 'endpoint_id', { onDelete: 'CASCADE' })
  endpoint?: Relation<WebhookEndpoint>;
}
