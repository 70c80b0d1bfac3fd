import type { DataSource } from 'typeorm';
import { withSystem } from '#store/with-organisation.js';

/** How far a mailbox was read. */
export interface MailboxPosition {
  /** Null before anything was read. */
  uidValidity: number | null;
  lastUid: number;
  /** Everything that had come by then is stored; null before it was read to its end for the first time. */
  readAt: Date | null;
}

/** A process that stops without a word holds its turn no longer than this. */
const TURN = `interval '3 minutes'`;

/**
 * Takes or keeps the turn to read a mailbox: of all workers one reads it at a time. That only saves work, for a mail
 * that two of them read is stored once.
 *
 * @param system of the role `system`
 * @param reader a name of this process's own
 * @returns null while another's turn is not over
 */
export async function takeTurn(
  system: DataSource,
  mailbox: string,
  reader: string,
): Promise<MailboxPosition | null> {
  const [row] = await withSystem(system, (manager) =>
    manager.query<MailboxPosition[]>(
      `with turn as (
         insert into mailbox (name, last_uid, reader, reader_until) values ($1, 0, $2, now() + ${TURN})
         on conflict (name) do update set reader = excluded.reader, reader_until = excluded.reader_until
         where mailbox.reader = excluded.reader or mailbox.reader_until < now()
         returning uid_validity as "uidValidity", last_uid as "lastUid", read_at as "readAt"
       ) select * from turn`,
      [mailbox, reader],
    ),
  );
  return row ?? null;
}

/** Lets the next reader begin at once. */
export async function endTurn(system: DataSource, mailbox: string, reader: string): Promise<void> {
  await withSystem(system, (manager) =>
    manager.query(`update mailbox set reader_until = now() where name = $1 and reader = $2`, [
      mailbox,
      reader,
    ]),
  );
}

/**
 * Every mail up to this one is stored, or was left alone. Never goes back while the mailbox counts as it did.
 * @param readAt when the mailbox was looked into, where there is no other that had come by then; else null
 */
export async function moveTo(
  system: DataSource,
  mailbox: string,
  { uidValidity, uid, readAt }: { uidValidity: number; uid: number; readAt: Date | null },
): Promise<void> {
  await withSystem(system, (manager) =>
    manager.query(
      `update mailbox set uid_validity = $2, read_at = coalesce($4, read_at),
         last_uid = case when uid_validity = $2 then greatest(last_uid, $3) else $3 end
       where name = $1`,
      [mailbox, uidValidity, uid, readAt],
    ),
  );
}

/** For the doctor. */
export async function readPosition(system: DataSource, mailbox: string): Promise<MailboxPosition | null> {
  const [row] = await withSystem(system, (manager) =>
    manager.query<MailboxPosition[]>(
      `select uid_validity as "uidValidity", last_uid as "lastUid", read_at as "readAt"
       from mailbox where name = $1`,
      [mailbox],
    ),
  );
  return row ?? null;
}

/** Whether the organisation is there that all mail of a mailbox is to be for. Null: the mailbox is the whole installation's. */
export async function hasOwner(system: DataSource, organisationId: string | null): Promise<boolean> {
  if (organisationId === null) return true;
  const rows = await withSystem(system, (manager) =>
    manager.query<unknown[]>('select from organisation where id = $1', [organisationId]),
  );
  return rows.length > 0;
}
