import type { Attachment, Message } from '#channels/channel.js';
import { messageIdOf } from '#channels/email/compose-email.js';
import type { DocumentMode, Step, StepPurpose } from '#domain/campaign/document.js';
import type { EnrolmentFacts, PromiseFacts } from '#domain/facts.js';
import type { PlanFacts } from '#domain/instalments.js';
import { formatInstant, type Instant, type LocalDate } from '#domain/instant.js';
import type { MessageMedium } from '#domain/medium.js';
import { e164 } from '#domain/phone-number.js';
import type { StatementLine } from '#domain/statement.js';
import { resolveLocale } from '#templates/locale.js';
import { renderBody } from '#templates/render.js';
import type { CompiledTemplate } from '#templates/template.js';
import type { DocumentFacts, LetterFacts, LetterPerson, Party } from './letter-facts.js';
import { type Links, mergeTags } from './letter-tags.js';
import { documentModeOf, linkTo, mailHeaders, replyToOf, type Surroundings } from './mail.js';

/** Exactly what goes out, as the ledger keeps it: the message without its file contents. */
export type Snapshot = Omit<Message, 'attachments' | 'contactId' | 'organisationId'> & {
  /** The file that goes along. */
  documentId: string | null;
  /** Of an e-mail; a relay may write its own over it. */
  messageId?: string;
  /** The document that goes along or that a link leads to, with its hash. */
  document?: DocumentFacts & { mode: 'attach' | 'link' };
};

/** What the customer undertook to pay, and the last day on which paying keeps it. */
export interface PromisedPayment {
  minor: number;
  currency: string;
  on: LocalDate;
}

export interface LetterRequest {
  facts: EnrolmentFacts;
  letter: LetterFacts;
  personId: string;
  pointId: string;
  medium: MessageMedium;
  /** The template in each locale it exists in. */
  templates: Record<string, { id: string; compiled: CompiledTemplate }>;
  /** The invoices that the letter tells of together, in order; left out where it is about one. */
  statement?: readonly StatementLine[];
  /** The promise that the letter is about; left out of all others. */
  promise?: PromisedPayment | null;
  /** One that was not kept and that nothing was said of since; left out, or null, where there is none. */
  brokenPromise?: PromiseFacts | null;
  /** The same of an instalment plan. */
  brokenPlan?: PlanFacts | null;
  /** A payment that came back and that nothing was said of since; the same. */
  returned?: LetterFacts['returned'];
  /** The step whose message it is; left out: none's, so that it is about the invoice as a whole. */
  action?: { step: Step; occurrence: number };
  /** Whether it asks the owner of an address to confirm a consent; it then needs a place for links to lead to. */
  asksConsent?: boolean;
  /** What a person may refuse; null for what somebody asked for. */
  purpose: StepPurpose | null;
  /** Whether a contact policy wants it to say how to get no more of them; left out: none does. */
  owesOptOut?: boolean;
  /** The Message-ID of what is answered. */
  repliesTo?: string | undefined;
  /** Who gets a copy of an e-mail. */
  copies?: readonly { personId: string; pointId: string }[];
  /** How the step wants the document to go along. */
  documentMode?: DocumentMode | undefined;
  surroundings: Surroundings;
  now: Instant;
}

/** A message ready for the ledger. */
export interface Letter {
  contactId: string;
  snapshot: Snapshot;
  templateVersionId: string;
  thread: string | null;
}

const FALLBACK_LOCALE = 'en';

/** Renders one recipient's message. */
export function writeLetter(request: LetterRequest): Letter {
  const { letter, medium, templates } = request;
  const { person, to } = recipientOf(letter, request);
  const locale = resolveLocale(
    Object.keys(templates),
    person.locale ?? letter.customer.locale,
    letter.creditor.locale || FALLBACK_LOCALE,
  );
  const template = templates[locale];
  if (!template) throw new Error('A published version lacks a locale that it lists.');
  const links = linksOf(request);
  const body = renderBody(
    template.compiled,
    mergeTags(request, person, locale, links),
    medium,
    request.owesOptOut,
  );
  const from = senderOf(letter, medium);
  const { contactId } = letter;
  const written = { contactId, templateVersionId: template.id };
  if (medium !== 'email')
    return { ...written, thread: null, snapshot: { medium, locale, to, from, ...body, documentId: null } };
  const { thread, ...mail } = mailOf(request, from, to, links);
  return { ...written, thread, snapshot: { medium, locale, to, from, ...mail, ...body } };
}

function recipientOf(
  letter: LetterFacts,
  { personId, pointId }: { personId: string; pointId: string },
): { person: LetterPerson; to: Party } {
  const person = everybodyOf(letter).find(({ id }) => id === personId);
  const address = person?.points?.[pointId];
  if (!person || address === undefined)
    throw new Error('The recipient is not among the contact points of the customer and its parent company.');
  return { person, to: { address, name: oneLine(person.name ?? letter.customer.name) } };
}

/** Whom a letter may be for. */
export const everybodyOf = ({ people, parentPeople }: LetterFacts): LetterPerson[] => [
  ...people,
  ...(parentPeople ?? []),
];

function linksOf(request: LetterRequest): Links {
  const { letter, medium, purpose, documentMode, surroundings } = request;
  const consent = request.asksConsent ? linkTo('consent', letter, surroundings) : null;
  if (medium !== 'email')
    return { unsubscribe: null, preferences: null, document: null, consent, mode: 'none' };
  const download = linkTo('document', letter, surroundings);
  const mode = documentModeOf(letter, documentMode, download !== null);
  return {
    unsubscribe: purpose === null ? null : linkTo('unsubscribe', letter, surroundings),
    preferences: purpose === null ? null : linkTo('preferences', letter, surroundings),
    document: mode === 'link' ? download : null,
    consent,
    mode,
  };
}

/** What only an e-mail has. */
function mailOf(
  { letter, pointId, purpose, copies = [], repliesTo, surroundings, now }: LetterRequest,
  from: Party,
  to: Party,
  { unsubscribe, mode }: Links,
): Pick<Snapshot, 'replyTo' | 'cc' | 'date' | 'headers' | 'documentId' | 'document' | 'messageId'> & {
  thread: string;
} {
  const { contactId, document } = letter;
  const { organisationId } = surroundings;
  const reply = replyToOf(letter);
  const replyTo = reply && { ...reply, name: oneLine(reply.name) };
  const cc = copiesTo(letter, copies, to.address);
  const { headers, thread } = mailHeaders({
    letter,
    organisationId,
    pointId,
    from,
    replyTo,
    purpose,
    unsubscribeLink: unsubscribe,
    repliesTo,
    isAlone: cc.length === 0,
  });
  return {
    thread,
    ...(replyTo ? { replyTo } : {}),
    ...(cc.length > 0 ? { cc } : {}),
    date: formatInstant(now),
    headers,
    messageId: messageIdOf({ contactId, organisationId, from }),
    documentId: document && mode === 'attach' ? document.id : null,
    ...(document && mode !== 'none' ? { document: { ...document, mode } } : {}),
  };
}

/** Each address once: an address that two persons share gets one copy, and the recipient's none. */
function copiesTo(
  letter: LetterFacts,
  copies: readonly { personId: string; pointId: string }[],
  recipient: string,
): Party[] {
  const seen = new Set([recipient.toLowerCase()]);
  return copies
    .map((copy) => recipientOf(letter, copy).to)
    .filter(({ address }) => !seen.has(address.toLowerCase()) && seen.add(address.toLowerCase()));
}

/** The message a snapshot describes. */
export function toMessage(
  snapshot: Snapshot,
  contactId: string,
  organisationId: string,
  attachments: Attachment[],
): Message {
  const { documentId: _attached, document: _known, messageId: _made, ...message } = snapshot;
  return { ...message, contactId, organisationId, ...(attachments.length > 0 ? { attachments } : {}) };
}

export function senderOf({ creditor }: LetterFacts, medium: MessageMedium): Party {
  const own = creditor.senders[medium];
  const name = oneLine(own?.name ?? creditor.name);
  if (medium === 'email') return { address: own?.address ?? creditor.email, name };
  const address = own?.address ?? creditor.phone;
  return { address: e164(address) ?? address, name };
}

/** Header values hold no line breaks; a name pasted with one keeps its words. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
