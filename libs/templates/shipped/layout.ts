import { type Paragraph, type ShippedContent, type ShippedWords, wherePayable } from './content.js';
import { colours, FONTS, STYLE } from './style.js';

/** The MJML of one shipped template: header, message, summary, ways to pay, contact, footer. */
export function mjmlOf(content: ShippedContent, words: ShippedWords): string {
  return `<mjml lang="${words.locale}" dir="ltr">
${head(content)}
<mj-body css-class="page" background-color="${colours.page}" width="600px">
${spacer}
${header(words)}
${message(content, words)}
${figures(content, words)}
${wherePayable(content, waysToPay(content, words))}
${closing(content)}
${contact(words)}
${footer(words)}
</mj-body>
</mjml>`;
}

const spacer = section(`<mj-spacer height="8px" />`, '', '');

function head(content: ShippedContent): string {
  return `<mj-head>
<mj-title>${content.subject}</mj-title>
<mj-preview>${content.preview}</mj-preview>
<mj-attributes>
<mj-all font-family="${FONTS}" />
<mj-section padding="0" />
<mj-text padding="6px 28px" font-size="16px" line-height="25px" color="${colours.text}" />
<mj-table padding="6px 28px" font-size="16px" line-height="24px" color="${colours.text}" />
</mj-attributes>
<mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></mj-raw>
<mj-style>${STYLE}</mj-style>
</mj-head>`;
}

/** One column of the card; \`cssClass\` and \`attributes\` go to the section. */
function section(
  children: string,
  cssClass = 'card',
  attributes = `background-color="${colours.card}"`,
): string {
  return `<mj-section css-class="${cssClass}" ${attributes}><mj-column>${children}</mj-column></mj-section>`;
}

const text = (inner: string, attributes = ''): string =>
  `<mj-text css-class="t" ${attributes}>${inner}</mj-text>`;

const quiet = (inner: string, attributes = ''): string =>
  `<mj-text css-class="q" font-size="14px" line-height="21px" color="${colours.quiet}" ${attributes}>${inner}</mj-text>`;

const when = (condition: string, inner: string, otherwise = ''): string =>
  `{% if ${condition} %}${inner}${otherwise && `{% else %}${otherwise}`}{% endif %}`;

function header(words: ShippedWords): string {
  const image = `<img class="logo" src="{{ creditor.logo_url }}" alt="${words.logoAlt}" height="44" border="0" style="height:44px;width:auto" />`;
  const logo = text(image, 'padding="22px 28px 6px"');
  const name = text('<strong>{{ creditor.name }}</strong>', 'font-size="18px" padding="22px 28px 6px"');
  const bar = 'background-color="{{ creditor.colour }}" border-radius="8px 8px 0 0"';
  return `${section('<mj-spacer height="6px" />', '', bar)}
${section(when('creditor.logo_url', logo, name))}`;
}

function message(content: ShippedContent, words: ShippedWords): string {
  const heading = `<h1 style="margin:0;font-size:24px;line-height:31px;font-weight:700">${content.heading}</h1>`;
  const offer = text(
    `<div style="padding:14px 16px;border-left:4px solid {{ creditor.colour }}"><strong>${words.offerHeading}</strong><br />${words.offer}</div>`,
  );
  return section(
    [
      text(heading, 'padding="10px 28px 8px"'),
      text(words.greeting),
      ...content.paragraphs.map(paragraph),
      content.button ? button(content.button.href, content.button.label) : '',
      content.purpose === 'reminder' ? when('offer', offer) : '',
    ].join('\n'),
  );
}

function paragraph(said: Paragraph): string {
  if (typeof said === 'string') return text(said);
  return when(said.when, text(said.say), said.otherwise && text(said.otherwise));
}

/** `label` and `value` are styles of the two cells. */
function row(
  name: string,
  value: string,
  style: { label?: string; value?: string; loud?: boolean } = {},
): string {
  const label = `${cell}text-align:left;font-weight:400;color:${colours.quiet};${style.label ?? ''}`;
  return `<tr class="line"><th class="${style.loud ? 'loud' : 'quiet'}" scope="row" style="${label}">${name}</th><td style="${cell}text-align:right;${style.value ?? ''}">${value}</td></tr>`;
}

/** The row that matters: stronger, and the last of its table. */
const lastRow = (name: string, value: string, strong: string): string =>
  row(name, `<strong>${value}</strong>`, {
    label: `border-bottom:0;${strong}`,
    value: `border-bottom:0;${strong}`,
    loud: strong !== '',
  });

const cell = `padding:9px 0;vertical-align:top;border-bottom:1px solid ${colours.line};`;

const table = (title: string, rows: string[], cssClass = ''): string =>
  `<mj-table css-class="t figures ${cssClass}"><caption style="padding:14px 0 4px;text-align:left;font-weight:700;">${title}</caption><tbody>${rows.join('\n')}</tbody></mj-table>`;

/** What is owed: of one invoice, of several, or of none. */
function figures(content: ShippedContent, words: ShippedWords): string {
  if (content.withoutInvoice) return '';
  if (content.severalInvoices) return list(words);
  return `${summary(content, words)}\n${documentLink(words)}`;
}

const list = (words: ShippedWords): string =>
  section(`<mj-text css-class="t figures">{{ statement.list }}</mj-text>
${text(`<strong style="font-size:18px">${words.totalDue}: {{ statement.total }}</strong>`, 'align="right"')}`);

const STRONG = `font-weight:700;font-size:18px;color:${colours.text};`;

function summary({ withoutBalance }: ShippedContent, { summary: words }: ShippedWords): string {
  const owed = (label: string): string => lastRow(label, '{{ invoice.amount_due }}', STRONG);
  const which = [row(words.number, '{{ invoice.number }}'), row(words.issued, '{{ invoice.issue_date }}')];
  if (withoutBalance)
    return section(table(words.title, [...which, lastRow(words.total, '{{ invoice.total }}', '')]));
  return section(
    table(words.title, [
      ...which,
      row(words.due, '{{ invoice.due_date }}'),
      row(words.total, '{{ invoice.total }}'),
      when('invoice.is_partly_paid', row(words.paid, '{{ invoice.paid }}')),
      when('invoice.disputed', row(words.disputed, '{{ invoice.disputed }}')),
      when('invoice.is_partly_paid', owed(words.remaining), owed(words.amountDue)),
    ]),
  );
}

const documentLink = (words: ShippedWords): string =>
  section(when('invoice.document_link', text(`<a href="{{ invoice.document_link }}">${words.document}</a>`)));

function waysToPay({ severalInvoices }: ShippedContent, words: ShippedWords): string {
  const label = severalInvoices ? words.payAllButton : words.payButton;
  return `${section(when('payment.link', button('{{ payment.link }}', label, 'pay')))}
${section(bankDetails(words))}`;
}

const button = (href: string, label: string, cssClass = 'act'): string =>
  `<mj-button css-class="${cssClass}" href="${href}" background-color="{{ creditor.colour }}" color="{{ creditor.colour | text_on }}" border="1px solid transparent" border-radius="6px" font-size="17px" font-weight="700" inner-padding="14px 26px" padding="14px 28px">${label}</mj-button>`;

const HAS_BANK = 'creditor.iban or creditor.account_number';

function bankDetails({ bank, howToPayByPhone }: ShippedWords): string {
  const title = when('payment.link', bank.headingWithLink, bank.heading);
  const reference = lastRow(bank.reference, '{{ payment.reference }}', '');
  const rows = bankRows(bank).map(({ tag, label }) => when(tag, row(label, `{{ ${tag} }}`)));
  const withBank = table(title, [row(bank.payee, '{{ creditor.name }}'), ...rows, reference], 'bank');
  const byPhone = table(bank.heading, [reference]) + text(howToPayByPhone);
  return when(HAS_BANK, withBank, when('payment.link', '', byPhone));
}

/** Bank details that may be known, in the order in which a payer types them in. */
export const bankRows = (bank: ShippedWords['bank']): { tag: string; label: string }[] => [
  { tag: 'creditor.iban', label: bank.iban },
  { tag: 'creditor.account_number', label: bank.account },
  { tag: 'creditor.bic', label: bank.bic },
  { tag: 'creditor.bank_name', label: bank.bankName },
];

function closing({ help, alreadyPaid }: ShippedContent): string {
  const lines = [help, alreadyPaid].filter((line) => line !== undefined);
  return lines.length === 0 ? '' : section(lines.map((line) => text(line)).join('\n'));
}

function contact(words: ShippedWords): string {
  const phone = '<a href="tel:{{ account_manager.phone | tel }}">{{ account_manager.phone }}</a>';
  const email = '<a href="mailto:{{ account_manager.email }}">{{ account_manager.email }}</a>';
  const byEmail = when('account_manager.email != blank', `<br />${email}`);
  return section(
    text(
      `<strong>${words.contactHeading}</strong><br />{{ account_manager.name }}<br />${phone}${byEmail}`,
      'padding="14px 28px 24px"',
    ),
    'card',
    `background-color="${colours.card}" border-radius="0 0 8px 8px"`,
  );
}

function footer(words: ShippedWords): string {
  const lines = [
    '{{ creditor.name }}',
    when('creditor.address', '<br />{{ creditor.address }}'),
    when('creditor.vat_id', `<br />${words.vatId}: {{ creditor.vat_id }}`),
    '<br />{{ creditor.phone }}<br />{{ creditor.email }}',
    when('creditor.website', '<br /><a href="{{ creditor.website }}">{{ creditor.website }}</a>'),
    when('preferences.page', `<br /><br /><a href="{{ preferences.page }}">${words.choose}</a>`),
    when('preferences.link', `<br /><a href="{{ preferences.link }}">${words.preferences}</a>`),
  ];
  return section(quiet(lines.join(''), 'padding="18px 28px 28px"'), '', '');
}
