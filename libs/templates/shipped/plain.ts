import { type Paragraph, type ShippedContent, type ShippedWords, wherePayable } from './content.js';
import { bankRows } from './layout.js';

/** The plain-text part: the same message, laid out by blank lines. */
export function textOf(content: ShippedContent, words: ShippedWords): string {
  return blocks([
    opening(content, words),
    content.withoutInvoice
      ? undefined
      : offer(content, words) + figures(content, words) + wherePayable(content, `\n\n${waysToPay(words)}`),
    content.help,
    content.alreadyPaid,
    contact(words),
    footer(words),
  ]);
}

/** A direct message: shorter, without the table and the footer. */
export function directOf(content: ShippedContent, words: ShippedWords): string {
  const pay = `${words.bank.reference}: {{ payment.reference }}{% if payment.link %}\n${words.payLinkText}: {{ payment.link }}{% endif %}`;
  const closing = blocks([
    content.help,
    content.alreadyPaid,
    '{{ creditor.name }}\n{{ account_manager.name }}, {{ account_manager.phone }}',
  ]);
  return blocks([
    opening(content, words),
    offer(content, words) + wherePayable(content, `${pay}\n\n`) + closing,
  ]);
}

const blocks = (parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join('\n\n');

const optional = (condition: string, inner: string): string => `{% if ${condition} %}${inner}{% endif %}`;

/** Goes before another block and brings the blank line between them, so that nothing is left of it when unsaid. */
const offer = ({ purpose }: ShippedContent, words: ShippedWords): string =>
  purpose === 'reminder' ? optional('offer', `${words.offerHeading}\n${words.offer}\n\n`) : '';

/** The greeting and what is said; a paragraph that is said only sometimes brings its blank line along. */
const opening = ({ paragraphs, button }: ShippedContent, { greeting }: ShippedWords): string =>
  [greeting, ...paragraphs.map(paragraph), button ? `\n\n${button.label}: ${button.href}` : ''].join('');

function paragraph(said: Paragraph): string {
  if (typeof said === 'string') return `\n\n${said}`;
  if (!said.otherwise) return optional(said.when, `\n\n${said.say}`);
  return `\n\n{% if ${said.when} %}${said.say}{% else %}${said.otherwise}{% endif %}`;
}

function figures(content: ShippedContent, words: ShippedWords): string {
  return content.severalInvoices
    ? `{{ statement.list }}\n\n${words.totalDue}: {{ statement.total }}`
    : summary(content, words) + documentLink(words);
}

function summary({ withoutBalance }: ShippedContent, { summary: words }: ShippedWords): string {
  const which = [
    words.title,
    `${words.number}: {{ invoice.number }}`,
    `${words.issued}: {{ invoice.issue_date }}`,
  ];
  const total = `${words.total}: {{ invoice.total }}`;
  if (withoutBalance) return [...which, total].join('\n');
  return [
    ...which,
    `${words.due}: {{ invoice.due_date }}`,
    total,
    optional('invoice.is_partly_paid', `${words.paid}: {{ invoice.paid }}\n`) +
      optional('invoice.disputed', `${words.disputed}: {{ invoice.disputed }}\n`) +
      `{% if invoice.is_partly_paid %}${words.remaining}{% else %}${words.amountDue}{% endif %}: {{ invoice.amount_due }}`,
  ].join('\n');
}

const documentLink = (words: ShippedWords): string =>
  optional('invoice.document_link', `\n\n${words.document}: {{ invoice.document_link }}`);

function waysToPay(words: ShippedWords): string {
  const { bank } = words;
  const reference = `${bank.reference}: {{ payment.reference }}`;
  const known = bankRows(bank).map(({ tag, label }) => optional(tag, `${label}: {{ ${tag} }}\n`));
  const details = `${bank.payee}: {{ creditor.name }}\n${known.join('')}${reference}`;
  const withBank = `${optional('payment.link', `${words.payLinkText}: {{ payment.link }}\n\n`)}${`{% if payment.link %}${bank.headingWithLink}{% else %}${bank.heading}{% endif %}`}\n${details}`;
  const withoutBank = `{% if payment.link %}${words.payLinkText}: {{ payment.link }}{% else %}${words.howToPayByPhone}{% endif %}\n${reference}`;
  return `{% if creditor.iban or creditor.account_number %}${withBank}{% else %}${withoutBank}{% endif %}`;
}

const contact = (words: ShippedWords): string =>
  [
    words.contactHeading,
    '{{ account_manager.name }}',
    `{{ account_manager.phone }}${optional('account_manager.email != blank', '\n{{ account_manager.email }}')}`,
  ].join('\n');

const footer = (words: ShippedWords): string =>
  [
    '-- ',
    `{{ creditor.name }}${optional('creditor.address', '\n{{ creditor.address }}')}${optional('creditor.vat_id', `\n${words.vatId}: {{ creditor.vat_id }}`)}`,
    `{{ creditor.phone }}, {{ creditor.email }}${optional('creditor.website', '\n{{ creditor.website }}')}${optional('preferences.page', `\n\n${words.choose}: {{ preferences.page }}`)}${optional('preferences.link', `\n${words.preferences}: {{ preferences.link }}`)}`,
  ].join('\n');
