import type { DocumentMode } from '#domain/campaign/document.js';
import { exponentOf } from '#domain/currency.js';
import { askedBy, missedParts, partOf, partsOf, type PlanFacts } from '#domain/instalments.js';
import { askedBalance, openBalance, paidAmount, type PromiseFacts } from '#domain/facts.js';
import { daysBetween, localDateOf } from '#domain/local-time.js';
import type { MergeTags } from '#domain/merge-tags.js';
import { formatDate, formatMoney } from '#templates/format.js';
import type { StatementLine } from '#domain/statement.js';
import type { LetterRequest, PromisedPayment } from './letter.js';
import type { LetterCreditor, LetterPerson } from './letter-facts.js';

const DEFAULT_COLOUR = '#1f4e79';

/** Where a letter leads besides the page to pay at. */
export interface Links {
  unsubscribe: string | null;
  preferences: string | null;
  document: string | null;
  consent: string | null;
  mode: DocumentMode;
}

/** What the tags of a template stand for in one letter. */
export function mergeTags(
  request: LetterRequest,
  person: LetterPerson,
  locale: string,
  links: Links,
): MergeTags {
  const { facts, letter, promise, statement } = request;
  const { currency } = facts.invoice;
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
    invoice: invoiceTags(request, locale, links),
    creditor: creditorTags(creditor, currency),
    account_manager: letter.manager ?? { name: creditor.name, phone: creditor.phone, email: creditor.email },
    payment: paymentTags(request),
    offer: null,
    promise: promise ? promiseTags(promise, locale) : null,
    part: partTags(request, locale),
    broken_plan: request.brokenPlan ? brokenPlanTags(request, request.brokenPlan, locale) : null,
    returned_payment: request.returned
      ? {
          amount: moneyIn(locale, request.returned.minor, currency),
          date: formatDate(request.returned.on, locale),
        }
      : null,
    broken_promise: request.brokenPromise ? brokenTags(request.brokenPromise, currency, locale) : null,
    statement: statement ? statementTags(statement, currency, locale) : null,
    organisation: { name: letter.organisation },
    preferences: { link: links.unsubscribe, page: links.preferences },
    consent: links.consent === null ? null : { link: links.consent },
  };
}

function invoiceTags(
  { facts, letter, now, action }: LetterRequest,
  locale: string,
  links: Links,
): MergeTags['invoice'] {
  const { invoice, customer } = facts;
  const part = action && partOf(facts, action, now);
  const dueOn = part?.dueOn ?? invoice.dueOn;
  const format = (minor: number): string => moneyIn(locale, minor, invoice.currency);
  const due = action ? askedBy(facts, action, now) : askedBalance(facts);
  const disputed = openBalance(invoice) - askedBalance(facts);
  const paid = paidAmount(invoice);
  const overdue = daysBetween(dueOn, localDateOf(now, customer.zone));
  return {
    number: letter.number,
    issue_date: formatDate(invoice.issuedOn, locale),
    due_date: formatDate(dueOn, locale),
    due_on: dueOn,
    total: format(invoice.parts.reduce((sum, part) => sum + part.amount, 0)),
    amount_due: format(due),
    amount_due_minor: due,
    paid: format(paid),
    is_partly_paid: paid > 0 && due > 0 && !part,
    disputed: disputed > 0 ? format(disputed) : null,
    currency: invoice.currency,
    days_overdue: overdue,
    days_until_due: -overdue,
    has_document: links.mode === 'attach',
    document_link: links.document,
  };
}

/** One of the parts that the message is about: what is done, what it asks for and what remains after it. */
function partTags({ facts, now, action }: LetterRequest, locale: string): MergeTags['part'] {
  const part = action && partOf(facts, action, now);
  if (!part) return null;
  const { currency } = facts.invoice;
  const format = (minor: number): string => moneyIn(locale, minor, currency);
  const all = partsOf(facts, now);
  const later = all.filter(({ number }) => number > part.number);
  const rest = later.reduce((sum, { open }) => sum + open, 0);
  const done = all.filter(({ open }) => open === 0).length;
  return {
    number: part.number,
    count: part.count,
    name: part.milestone,
    amount: format(part.open),
    done: done > 0 ? done : null,
    rest: rest > 0 ? format(rest) : null,
  };
}

/** The first part that was not paid in time. */
function brokenPlanTags({ facts }: LetterRequest, plan: PlanFacts, locale: string): MergeTags['broken_plan'] {
  const [missed] = missedParts(plan);
  return { date: formatDate(missed?.dueOn ?? facts.invoice.dueOn, locale) };
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

const brokenTags = (
  { amount, paid, promisedOn }: PromiseFacts,
  currency: string,
  locale: string,
): MergeTags['broken_promise'] => ({
  amount: moneyIn(locale, amount, currency),
  date: formatDate(promisedOn, locale),
  paid: paid > 0 ? moneyIn(locale, paid, currency) : null,
});

const STAGES = ['overdue', 'due_today', 'coming_due'] as const;

function statementTags(
  lines: readonly StatementLine[],
  currency: string,
  locale: string,
): MergeTags['statement'] {
  const format = (minor: number): string => moneyIn(locale, minor, currency);
  const sumOf = (field: 'open' | 'pending'): number => lines.reduce((sum, line) => sum + line[field], 0);
  const sections = STAGES.map((stage) => ({
    stage,
    rows: lines
      .filter((line) => line.stage === stage)
      .map(({ number, dueOn, daysOverdue, open }) => ({
        number,
        due_date: formatDate(dueOn, locale),
        days_overdue: daysOverdue,
        amount: format(open),
      })),
  })).filter(({ rows }) => rows.length > 0);
  const pending = sumOf('pending');
  return {
    count: lines.length,
    total: format(sumOf('open')),
    pending: pending > 0 ? format(pending) : null,
    list: { sections },
  };
}

const moneyIn = (locale: string, minor: number, currency: string): string =>
  formatMoney(minor, currency, locale, exponentOf(currency));

/** As many invoice numbers as fit the reference of a bank transfer (140 characters in SEPA). */
const MOST_REFERENCE_CHARACTERS = 140;

/**
 * `{number}` in the creditor's payment link stands for the invoice's number; a page for one invoice is no page for several. Several
 * are referred to by their numbers as long as they fit, else by the customer's id.
 */
function paymentTags({ letter, facts, statement }: LetterRequest): MergeTags['payment'] {
  const { paymentLink } = letter.creditor;
  if (!statement)
    return {
      link: paymentLink?.replaceAll('{number}', encodeURIComponent(letter.number)) ?? null,
      reference: letter.number,
    };
  const numbers = statement.map(({ number }) => number).join(', ');
  const isForOne = paymentLink?.includes('{number}') === true;
  return {
    link: isForOne ? null : paymentLink,
    reference: numbers.length <= MOST_REFERENCE_CHARACTERS ? numbers : facts.customer.externalId,
  };
}
