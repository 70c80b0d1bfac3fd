import { Column, Entity } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, Id, OneOf, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** Where a tenant wants to hear of what happens. */
@Entity('webhook_endpoint')
@OneOf('webhook_endpoint', 'state', ['active', 'paused'])
export class WebhookEndpoint {
  @OrganisationId()
  organisationId!: string;

  @Id()
  id!: string;

  @Column('text')
  url!: string;

  @Column('text')
  secret!: string;

  @Column('text', { array: true, default: () => "'{}'" })
  eventTypes!: string[];

  @Column('text', { default: () => "'active'" })
  state!: 'active' | 'paused';

  @RecordedAt()
  recordedAt!: Date;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
