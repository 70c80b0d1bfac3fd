import type { Content } from 'pdfmake/interfaces.js';
import type { HandOverPack } from '#contracts/schemas/index.js';
import { heading, listed, pdfOf, tableOf } from './pdf.js';

/** The hand-over pack as people read it; times are those of the customer's clock. */
export function handOverPdf(pack: HandOverPack): Promise<Buffer> {
  const { invoice, organisation, asOf } = pack;
  return pdfOf({
    title: `Hand-over of invoice ${invoice.number}`,
    author: organisation,
    at: Date.parse(asOf),
    content: [
      ...summary(pack),
      ...parties(pack),
      ...parts(pack),
      ...money(pack),
      ...agreements(pack),
      ...permissions(pack),
      ...history(pack),
      ...correspondence(pack),
    ],
  });
}

const words = (text: string): string => text.replaceAll('_', ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const section = (title: string, content: readonly Content[]): Content[] =>
  content.length === 0 ? [] : [heading(title), ...content];
const day = (instant: string | null): string | null => instant && instant.slice(0, 10);

function summary({ invoice, creditor, customer, asOf }: HandOverPack): Content[] {
  const { currency, daysOverdue } = invoice;
  const of = (amount: string): string => `${amount} ${currency}`;
  const due =
    daysOverdue > 0
      ? `${invoice.dueOn}, ${daysOverdue} ${daysOverdue === 1 ? 'day' : 'days'} ago`
      : invoice.dueOn;
  return [
    { text: `Hand-over of invoice ${invoice.number}`, style: 'title' },
    {
      text: `${creditor.name} to ${customer.name}. As of ${asOf.slice(0, 16).replace('T', ' ')} UTC; other times are those of ${customer.zone}.`,
      style: 'label',
      margin: [0, 0, 0, 12],
    },
    {
      columns: [
        figure('Open', of(invoice.open)),
        figure('Of a total of', of(invoice.total)),
        figure('Paid', of(invoice.paid)),
        figure('Due', due),
      ],
      columnGap: 12,
    },
    ...section('Invoice', [
      listed([
        ['Number', invoice.number],
        ['Your reference', invoice.externalId === invoice.number ? null : invoice.externalId],
        ['Kind', invoice.kind],
        ['State', words(invoice.status)],
        ['Issued', invoice.issuedOn],
        ['Due', due],
        ['Net and tax', `${of(invoice.net)} and ${of(invoice.tax)}`],
        ['Announced', Number(invoice.pending) === 0 ? null : of(invoice.pending)],
        ['Disputed of what is open', Number(invoice.disputed) === 0 ? null : of(invoice.disputed)],
        [
          'Document',
          invoice.document &&
            `${invoice.document.filename}, ${invoice.document.bytes} bytes\nSHA-256 ${invoice.document.sha256}`,
        ],
      ]),
    ]),
  ];
}

const figure = (label: string, value: string): Content => ({
  stack: [
    { text: label, style: 'label', fontSize: 8 },
    { text: value, bold: true, fontSize: 11 },
  ],
});

function parties({ creditor, customer }: HandOverPack): Content[] {
  const address = customer.address ? Object.values(customer.address).filter(Boolean).join(', ') : null;
  return [
    ...section('Creditor', [
      listed([
        ['Name', creditor.name],
        ['Collects', creditor.party === 'first' ? 'its own money' : 'for somebody else'],
        ['Address', creditor.address],
        ['VAT id', creditor.vatId],
        ['Telephone', creditor.phone],
        ['E-mail', creditor.email],
        ['Website', creditor.website],
      ]),
    ]),
    ...section('Customer', [
      listed([
        ['Name', customer.name],
        ['Reference', customer.externalId],
        ['Kind', customer.kind],
        ['Address', address],
        ['Country and region', [customer.country, customer.region].filter(Boolean).join(', ')],
        ['Language', customer.locale],
        ['Time zone', customer.zone],
      ]),
      ...customer.people.map((person) =>
        listed([
          [person.roles.map(words).map(capital).join(', ') || 'Contact', person.name ?? '(no name)'],
          ...person.addresses.map(
            ({ kind, value, status }) =>
              [capital(kind), status === 'active' ? value : `${value} (${words(status)})`] as const,
          ),
        ]),
      ),
    ]),
  ];
}

const parts = ({ invoice }: HandOverPack): Content[] =>
  invoice.parts.length < 2
    ? []
    : section('Parts', [
        tableOf(
          [
            { head: 'Part', width: 40 },
            { head: 'Due', width: '*' },
            { head: 'Amount', width: 80, right: true },
            { head: 'Paid', width: 80, right: true },
            { head: 'Open', width: 80, right: true },
          ],
          invoice.parts.map((part) => [
            String(part.sequence),
            [part.milestone, part.dueOn].filter(Boolean).join(', '),
            part.amount,
            part.paid,
            part.open,
          ]),
        ),
      ]);

const MONEY_STATES = { announced: 'announced', applied: 'applied', taken_back: 'taken back' } as const;

const money = ({ money: all, invoice }: HandOverPack): Content[] =>
  section('Money', [
    all.length === 0
      ? 'Nothing has come.'
      : tableOf(
          [
            { head: 'Date', width: 90 },
            { head: 'What', width: '*' },
            { head: 'State', width: 150 },
            { head: invoice.currency, width: 70, right: true },
          ],
          all.map((each) => [
            each.localTime,
            [`${capital(words(each.kind))} ${each.externalId}`, each.method, each.reference]
              .filter(Boolean)
              .join(', '),
            [
              MONEY_STATES[each.state],
              day(each.takenBackAt),
              each.takenBackBecause && words(each.takenBackBecause),
            ]
              .filter(Boolean)
              .join(', '),
            each.amount,
          ]),
        ),
  ]);

const evidenceOf = (evidence: Record<string, unknown>): string =>
  Object.entries(evidence)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');

const THREE = [
  { head: 'Date', width: 90 },
  { head: 'What', width: 150 },
  { head: 'Details', width: '*' },
] as const;

const agreements = ({ promises, plans, holds, tasks, invoice }: HandOverPack): Content[] => [
  ...section(
    'Promises to pay',
    promises.length === 0
      ? []
      : [
          tableOf(
            THREE,
            promises.map((each) => [
              each.localTime,
              `${each.amount} ${invoice.currency} by ${each.promisedOn}`,
              `${capital(each.state)}; ${each.came} ${invoice.currency} came in time`,
            ]),
          ),
        ],
  ),
  ...section(
    'Instalment plans',
    plans.length === 0
      ? []
      : [
          tableOf(
            THREE,
            plans.map((each) => [
              each.localTime,
              each.parts.map(({ dueOn, amount }) => `${amount} ${invoice.currency} by ${dueOn}`).join('; '),
              [
                capital(each.state),
                each.endedAt && each.state !== 'active' ? day(each.endedAt) : null,
                each.evidence && evidenceOf(each.evidence),
              ]
                .filter(Boolean)
                .join('; '),
            ]),
          ),
        ],
  ),
  ...section(
    'Holds and disputes',
    holds.length === 0
      ? []
      : [
          tableOf(
            THREE,
            holds.map((each) => [
              each.localTime,
              `${capital(words(each.kind))}${each.amount ? ` about ${each.amount} ${invoice.currency}` : ''}${each.ofWholeCustomer ? ', the whole customer' : ''}`,
              [
                each.reason,
                evidenceOf(each.evidence),
                each.releasedAt ? `released ${day(each.releasedAt)}` : null,
                !each.releasedAt && each.expiresAt ? `until ${day(each.expiresAt)}` : null,
              ]
                .filter(Boolean)
                .join('; '),
            ]),
          ),
        ],
  ),
  ...section(
    'Calls and tasks',
    tasks.length === 0
      ? []
      : [
          tableOf(
            THREE,
            tasks.map((each) => [
              each.localTime,
              capital(words(each.outcome ?? each.state)),
              [each.sentence, each.detail && evidenceOf(each.detail)].filter(Boolean).join(' '),
            ]),
          ),
        ],
  ),
];

const permissions = ({ consents, suppressions }: HandOverPack): Content[] =>
  section(
    'Consents and refusals',
    consents.length + suppressions.length === 0
      ? []
      : [
          tableOf(THREE, [
            ...consents.map((each) => [
              each.localTime,
              `Consent ${each.state}: ${each.medium}, ${each.purpose}`,
              [each.address, evidenceOf(each.evidence)].filter(Boolean).join('; '),
            ]),
            ...suppressions.map((each) => [
              each.localTime,
              `Barred: ${[each.medium, each.purpose].filter(Boolean).join(', ') || 'everything'}`,
              [
                each.address,
                each.reason && words(each.reason),
                each.liftedAt && `lifted ${day(each.liftedAt)}`,
              ]
                .filter(Boolean)
                .join('; '),
            ]),
          ]),
        ],
  );

const history = ({ history: all }: HandOverPack): Content[] =>
  section('What happened', [
    tableOf(
      [
        { head: 'Date', width: 90 },
        { head: 'Event', width: '*' },
      ],
      all.map(({ localTime, sentence }) => [localTime, sentence]),
    ),
  ]);

/** Characters that fit on a page for certain; what is longer may begin on one and end on the next. */
const A_PAGE = 1_500;

const correspondence = ({ messages, received }: HandOverPack): Content[] => {
  const all = [
    ...messages.map((each) => ({ ...each, way: `to ${each.to}` })),
    ...received.map((each) => ({ ...each, way: `from ${each.from}` })),
  ].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  return section(
    'Correspondence in full',
    all.map(({ localTime, medium, way, subject, text, sentence }): Content => ({
      margin: [0, 0, 0, 12],
      unbreakable: text.length < A_PAGE,
      stack: [
        { text: `${localTime}, ${medium} ${way}`, bold: true },
        { text: sentence, style: 'label' },
        ...(subject
          ? [{ text: subject, italics: true, margin: [0, 3, 0, 0] as [number, number, number, number] }]
          : []),
        { text: text || '(no text)', margin: [0, 3, 0, 0] },
      ],
    })),
  );
};
