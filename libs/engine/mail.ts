import { messageIdOf } from '#channels/email/compose-email.js';
import type { DocumentMode, StepPurpose } from '#domain/campaign/document.js';
import { replyAddress } from '#domain/reply-address.js';
import type { LetterFacts, Party } from './letter-facts.js';
import { type LinkKind, signLink } from './links/index.js';

/** How a creditor's e-mail is answered, and what it carries. */
export interface MailSettings {
  /** Answers come to `name+…@domain`, which the creditor's mail system delivers to `name@domain`. */
  plusAddressing?: boolean;
  /** Answers come to addresses of this domain, of which all mail is given to Kindly. */
  replyDomain?: string;
  document?: DocumentMode;
  /** Larger documents are linked; in kB of 1,000 bytes. */
  attachUpToKb?: number;
}

/** With base64 and the letter itself well below what mail systems take everywhere. */
const ATTACH_UP_TO_KB = 5_000;

/** What an installation adds to its organisations' letters. */
export interface Surroundings {
  organisationId: string;
  /** What links begin with; null where none may be given. */
  linkBase: string | null;
}

/**
 * A letter to a person carries no link that is not https: it could be changed on its way, and looks like phishing. In
 * a test organisation any will do, for nothing leaves it.
 */
export const linkBaseOf = (publicUrl: string | undefined, kind: 'live' | 'test'): string | null =>
  publicUrl !== undefined && (kind === 'test' || publicUrl.startsWith('https://')) ? publicUrl : null;

const PATHS: Record<Exclude<LinkKind, 'telegram'>, string> = {
  unsubscribe: 'u',
  preferences: 'p',
  document: 'd',
  consent: 'c',
};

export function linkTo(
  kind: keyof typeof PATHS,
  { contactId, linkSecret }: LetterFacts,
  { organisationId, linkBase }: Surroundings,
): string | null {
  if (linkBase === null) return null;
  const token = signLink(Buffer.from(linkSecret, 'hex'), { kind, organisationId, subjectId: contactId });
  return `${linkBase}/${PATHS[kind]}/${token}`;
}

/** Whom answers go to: the account manager, else the creditor; with the contact in it where their mail system allows. */
export function replyToOf({ creditor, manager, contactId }: LetterFacts): Party | undefined {
  const { replyDomain } = creditor.mail;
  const person = manager ? { address: manager.email, name: manager.name } : undefined;
  if (!isReadByUs(creditor.mail)) return person;
  const { address, name } = person ?? { address: creditor.email, name: creditor.name };
  const base = replyDomain ? `${address.slice(0, address.lastIndexOf('@'))}@${replyDomain}` : address;
  return { address: replyAddress(base, contactId), name };
}

/** Whether answers come to Kindly. */
const isReadByUs = ({ plusAddressing, replyDomain }: MailSettings): boolean =>
  plusAddressing === true || replyDomain !== undefined;

/** How the document goes along, and why not attached: `attach` only up to the creditor's limit. */
export function documentModeOf(
  { document, creditor }: LetterFacts,
  ofStep: DocumentMode | undefined,
  canLink: boolean,
): DocumentMode {
  const wanted = ofStep ?? creditor.mail.document ?? 'attach';
  if (!document || wanted === 'none') return 'none';
  const fits = document.bytes <= (creditor.mail.attachUpToKb ?? ATTACH_UP_TO_KB) * 1_000;
  if (wanted === 'attach' && fits) return 'attach';
  if (canLink) return 'link';
  return fits ? 'attach' : 'none';
}

interface MailHeaders {
  letter: LetterFacts;
  organisationId: string;
  pointId: string;
  from: Party;
  replyTo: Party | undefined;
  /** Null for what somebody asked for, which nobody can be unsubscribed from. */
  purpose: StepPurpose | null;
  unsubscribeLink: string | null;
  repliesTo: string | undefined;
  isAlone: boolean;
}

/**
 * Headers by which mail programs put what is about one invoice into one thread (RFC 5322, 3.6.4), and offer to stop
 * reminders (RFC 2369 and 8058).
 *
 * @returns also the thread: the Message-ID of its first message
 */
export function mailHeaders(mail: MailHeaders): { headers: Record<string, string>; thread: string } {
  const { letter, organisationId, pointId, from } = mail;
  const first = letter.threads?.[pointId];
  const before = [...new Set([first, mail.repliesTo])].filter((id) => id !== undefined);
  const headers: Record<string, string> =
    before.length > 0 ? { 'In-Reply-To': before.at(-1) ?? '', References: before.join(' ') } : {};
  return {
    headers: { ...headers, ...(mail.purpose === null ? {} : unsubscribeHeaders(mail)) },
    thread: first ?? messageIdOf({ contactId: letter.contactId, organisationId, from }),
  };
}

/** One click is offered where one person got the message: whoever has a copy must not unsubscribe somebody else. */
function unsubscribeHeaders({
  replyTo,
  unsubscribeLink,
  isAlone,
  letter,
}: MailHeaders): Record<string, string> {
  const mayAnswer = isAlone && isReadByUs(letter.creditor.mail);
  const byMail = mayAnswer && replyTo ? [`<mailto:${replyTo.address}?subject=STOP&body=STOP>`] : [];
  const ways = [...(unsubscribeLink ? [`<${unsubscribeLink}>`] : []), ...byMail];
  if (ways.length === 0) return {};
  const isOneClick = isAlone && unsubscribeLink?.startsWith('https://') === true;
  return {
    'List-Unsubscribe': ways.join(', '),
    ...(isOneClick ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
  };
}
