import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { BelongsToOrganisation, OrganisationId, RecordedAt } from './columns.js';
import { Organisation } from './organisation.entity.js';

/** A workflow to be started or signalled; at most one row a workflow, replaced by a newer version. */
@Entity('outbox')
// Its order, nulls first, cannot be said here.
@Index('outbox_claim', { synchronize: false })
export class Outbox {
  @OrganisationId()
  organisationId!: string;

  @PrimaryColumn('text')
  workflowId!: string;

  @Column('text')
  workflowType!: string;

  /** Ids and instants only: it becomes workflow history. */
  @Column('jsonb')
  payload!: Record<string, unknown>;

  @Column('int')
  version!: number;

  @RecordedAt()
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  claimedUntil!: Date | null;

  @Column('int', { default: 0 })
  tries!: number;

  @Column('text', { nullable: true })
  lastError!: string | null;

  @BelongsToOrganisation(() => Organisation)
  organisation?: Relation<Organisation>;
}
