import type { Attachment, Message } from '#channels/channel.js';
import { exponentOf } from '#domain/currency.js';
import { type EnrolmentFacts, openBalance, paidAmount } from '#domain/facts.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { daysBetween, localDateOf } from '#domain/local-time.js';
import type { MessageMedium } from '#domain/medium.js';
import type { Rate } from '#domain/limits.js';
import type { MergeTags } from '#domain/merge-tags.js';
import { formatDate, formatMoney } from '#templates/format.js';
import { resolveLocale } from '#templates/locale.js';
import { renderBody } from '#templates/render.js';
import type { CompiledTemplate } from '#templates/template.js';

/** Everything a message says that the planner does not need. */
export interface LetterFacts {
  organisation: string;
  number: string;
  documentId: string | null;
  customer: { name: string; locale: string };
  people: LetterPerson[];
  creditor: LetterCreditor;
  manager: { name: string; phone: string; email: string } | null;
}

interface LetterPerson {
  id: string;
  name: string | null;
  givenName: string | null;
  familyName: string | null;
  salutation: string | null;
  locale: string | null;
  /** Address by contact point. */
  points: Record<string, string> | null;
}

interface LetterCreditor {
  name: string;
  phone: string;
  email: string;
  address: string | null;
  vatId: string | null;
  website: string | null;
  bankAccounts: {
    bankName?: string;
    iban?: string;
    bic?: string;
    accountNumber?: string;
    currency?: string;
  }[];
  brand: { colour?: string; logoUrl?: string };
  senders: Partial<Record<MessageMedium, { address: string; name?: string; rate?: Rate }>>;
  paymentLink: string | null;
  locale: string;
}

/** Exactly what goes out, as the ledger keeps it: the message without its file contents. */
export type Snapshot = Omit<Message, 'attachments' | 'contactId' | 'organisationId'> & {
  documentId: string | null;
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
  /** The promise that the letter is about; left out of all others. */
  promise?: PromisedPayment | null;
  now: Instant;
}

const FALLBACK_LOCALE = 'en';
const DEFAULT_COLOUR = '#1f4e79';

/** Renders one recipient's message. */
export function writeLetter(request: LetterRequest): { snapshot: Snapshot; templateVersionId: string } {
  const { letter, medium, pointId, templates } = request;
  const person = letter.people.find(({ id }) => id === request.personId);
  const address = person?.points?.[pointId];
  if (!person || address === undefined)
    throw new Error("The recipient is not among the customer's contact points.");
  const wanted = person.locale ?? letter.customer.locale;
  const locale = resolveLocale(Object.keys(templates), wanted, letter.creditor.locale || FALLBACK_LOCALE);
  const template = templates[locale];
  if (!template) throw new Error('A published version lacks a locale that it lists.');
  return {
    templateVersionId: template.id,
    snapshot: {
      medium,
      locale,
      to: { address, name: oneLine(person.name ?? letter.customer.name) },
      ...senderOf(letter, medium),
      ...renderBody(template.compiled, mergeTags(request, person, locale), medium),
      documentId: documentOf(letter, medium),
    },
  };
}

/** The message a snapshot describes. */
export function toMessage(
  snapshot: Snapshot,
  contactId: string,
  organisationId: string,
  attachments: Attachment[],
): Message {
  const { documentId: _stored, ...message } = snapshot;
  return { ...message, contactId, organisationId, ...(attachments.length > 0 ? { attachments } : {}) };
}

export function senderOf(letter: LetterFacts, medium: MessageMedium): Pick<Snapshot, 'from' | 'replyTo'> {
  const { creditor, manager } = letter;
  const own = creditor.senders[medium];
  const name = oneLine(own?.name ?? creditor.name);
  if (medium !== 'email') return { from: { address: own?.address ?? creditor.phone, name } };
  const from = { address: own?.address ?? creditor.email, name };
  return manager ? { from, replyTo: { address: manager.email, name: oneLine(manager.name) } } : { from };
}

function mergeTags(request: LetterRequest, person: LetterPerson, locale: string): MergeTags {
  const { facts, letter, promise } = request;
  const { creditor } = letter;
  return {
    customer: {
      name: letter.customer.name,
      external_id: facts.customer.externalId,
      kind: facts.customer.kind,
    },
    contact: {
      name: person.name,
      given_name: person.givenName,
      family_name: person.familyName,
      salutation: person.salutation,
    },
    invoice: invoiceTags(request, locale),
    creditor: creditorTags(creditor, facts.invoice.currency),
    account_manager: letter.manager ?? { name: creditor.name, phone: creditor.phone, email: creditor.email },
    payment: { link: paymentLink(creditor.paymentLink, letter.number), reference: letter.number },
    offer: null,
    promise: promise ? promiseTags(promise, locale) : null,
    organisation: { name: letter.organisation },
    preferences: { link: null },
  };
}

function invoiceTags({ facts, letter, medium, now }: LetterRequest, locale: string): MergeTags['invoice'] {
  const { invoice, customer } = facts;
  const format = (minor: number): string => moneyIn(locale, minor, invoice.currency);
  const due = openBalance(invoice);
  const paid = paidAmount(invoice);
  const overdue = daysBetween(invoice.dueOn, localDateOf(now, customer.zone));
  return {
    number: letter.number,
    issue_date: formatDate(invoice.issuedOn, locale),
    due_date: formatDate(invoice.dueOn, locale),
    due_on: invoice.dueOn,
    total: format(invoice.parts.reduce((sum, part) => sum + part.amount, 0)),
    amount_due: format(due),
    amount_due_minor: due,
    paid: format(paid),
    is_partly_paid: paid > 0 && due > 0,
    currency: invoice.currency,
    days_overdue: overdue,
    days_until_due: -overdue,
    has_document: documentOf(letter, medium) !== null,
  };
}

function creditorTags(creditor: LetterCreditor, currency: string): MergeTags['creditor'] {
  const accounts = creditor.bankAccounts;
  const account =
    accounts.find((each) => each.currency === currency) ?? accounts.find((each) => !each.currency);
  return {
    name: creditor.name,
    phone: creditor.phone,
    email: creditor.email,
    address: creditor.address,
    vat_id: creditor.vatId,
    bank_name: account?.bankName ?? null,
    iban: account?.iban ?? null,
    bic: account?.bic ?? null,
    account_number: account?.accountNumber ?? null,
    website: creditor.website,
    colour: creditor.brand.colour ?? DEFAULT_COLOUR,
    logo_url: creditor.brand.logoUrl ?? null,
  };
}

const promiseTags = ({ minor, currency, on }: PromisedPayment, locale: string): MergeTags['promise'] => ({
  amount: moneyIn(locale, minor, currency),
  date: formatDate(on, locale),
});

const moneyIn = (locale: string, minor: number, currency: string): string =>
  formatMoney(minor, currency, locale, exponentOf(currency));

/** The file that goes along. */
const documentOf = ({ documentId }: LetterFacts, medium: MessageMedium): string | null =>
  medium === 'email' ? documentId : null;

/** Header values hold no line breaks; a name pasted with one keeps its words. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `{number}` in the creditor's payment link stands for the invoice's number. */
const paymentLink = (link: string | null, number: string): string | null =>
  link === null ? null : link.replaceAll('{number}', encodeURIComponent(number));
