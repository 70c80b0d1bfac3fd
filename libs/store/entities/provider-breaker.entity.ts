import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What all workers together remember of the calls to one provider account. Of no tenant. */
@Entity('provider_breaker')
export class ProviderBreaker {
  @PrimaryColumn('text')
  provider!: string;

  @Column('int', { default: 0 })
  failures!: number;

  @Column('timestamptz', { nullable: true })
  since!: Date | null;

  @Column('timestamptz', { nullable: true })
  openUntil!: Date | null;

  @Column('int', { default: 0 })
  opened!: number;

  @Column('timestamptz', { nullable: true })
  probeUntil!: Date | null;
}
