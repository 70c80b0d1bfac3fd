import { codeIn } from '#channels/failure.js';
import { type Mailbox, mailNews, type OpenMailbox, parseMime } from '#channels/mail/index.js';
import { type InboundSources, storeInbound } from '../inbound/index.js';
import { storeReceipts } from '../receipts/index.js';
import { type MailboxPosition, moveTo } from './mailbox-position.js';

export interface TakenMail {
  /** Stored, also when it had been before. */
  taken: number;
  /** Left for a person, flagged: unreadable, too large, or of no organisation that anybody could name. */
  aside: number;
  /** Numbers of those left for a person that could not be flagged. */
  unflagged: number[];
  /** Stored ones that could not be marked as seen. */
  unmarked: number;
}

/** What was delivered before anybody read the mailbox for the first time, and when its numbers begin anew. */
const LOOK_BACK_MS = 2 * 86_400_000;

/** Mail goes out by SMTP: what a mailbox tells of messages, it tells of those. */
const RECEIPTS_OF = 'smtp';

/**
 * Stores what came since `position`, mail by mail. A mail is marked as seen once it is committed, and only then the
 * position moves: after a crash between any two of these it is read again, and changes nothing.
 *
 * @param onMail is called after each, to keep the turn
 * @throws when the connection or the database is lost; what was stored stays so
 */
export async function takeMail(
  sources: InboundSources,
  mailbox: Mailbox,
  open: OpenMailbox,
  position: MailboxPosition,
  onMail: () => Promise<void>,
): Promise<TakenMail> {
  const result: TakenMail = { taken: 0, aside: 0, unflagged: [], unmarked: 0 };
  const lookedAt = new Date();
  const { uidValidity } = open;
  let last = uidValidity === position.uidValidity ? position.lastUid : open.uidNext - 1;
  for (const uid of await newMail(open, position)) {
    const isStored = await takeOne(sources, mailbox, await open.read(uid));
    if (isStored === true) {
      result.taken += 1;
      if (!(await open.markTaken(uid))) result.unmarked += 1;
    } else if (isStored === false) {
      result.aside += 1;
      if (!(await open.putAside(uid))) result.unflagged.push(uid);
    }
    await moveTo(sources.system, mailbox.name, { uidValidity, uid, readAt: null });
    last = Math.max(last, uid);
    await onMail();
  }
  // Also where there was none: what comes from now on is found, whoever reads it first.
  await moveTo(sources.system, mailbox.name, { uidValidity, uid: last, readAt: lookedAt });
  return result;
}

const newMail = (open: OpenMailbox, { uidValidity, lastUid, readAt }: MailboxPosition): Promise<number[]> =>
  uidValidity === open.uidValidity
    ? open.after(lastUid)
    : open.since(new Date((readAt?.getTime() ?? Date.now()) - LOOK_BACK_MS), readAt === null);

/** @returns whether it was stored; null when it is gone */
async function takeOne(
  sources: InboundSources,
  { organisationId }: Mailbox,
  raw: Awaited<ReturnType<OpenMailbox['read']>>,
): Promise<boolean | null> {
  if (raw === 'gone') return null;
  if (typeof raw === 'string') return false;
  const mail = await parseMime(raw).catch(() => null);
  if (!mail) return false;
  const news = mailNews(mail, { organisationId, now: Date.now() });
  try {
    const { strange } = await storeInbound(sources, 'imap', news);
    await storeReceipts(sources.app, RECEIPTS_OF, news.receipts);
    return strange === 0;
  } catch (error) {
    if (isOfItsContent(error)) return false;
    throw error;
  }
}

/** The database refuses what is in it (SQLSTATE 22, 23), and will again: it must not hold up the mails behind it. */
const isOfItsContent = (error: unknown): boolean => /^2[23]\w{3}$/.test(codeIn(error) ?? '');
