import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a mailbox was read, and whose turn it is to read on. Of no tenant. */
@Entity('mailbox')
export class Mailbox {
  @PrimaryColumn('text')
  name!: string;

  @Column('bigint', { nullable: true })
  uidValidity!: number | null;

  @Column('bigint')
  lastUid!: number;

  @Column('timestamptz', { nullable: true })
  readAt!: Date | null;

  @Column('uuid', { nullable: true })
  reader!: string | null;

  @Column('timestamptz', { nullable: true })
  readerUntil!: Date | null;
}
