import { recipientHash } from '#channels/recipient-hash.js';
import { mailNews, parseMime } from './index.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const ORGANISATION = '018f0000-0000-7000-8000-000000000001';
const CONTACT = '018f0000-0000-7000-8000-000000000002';
const OURS = `<${CONTACT}.${ORGANISATION}@acme.example>`;

interface Report {
  type?: string;
  status: string[];
  original?: string[];
  originalType?: string;
}

const report = ({
  type = 'delivery-status',
  status,
  original,
  originalType = 'message/rfc822',
}: Report): string =>
  [
    'From: Mail Delivery System <MAILER-DAEMON@mx.example>',
    'To: billing@acme.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Message-ID: <report-1@mx.example>',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary=b1`,
    '',
    '--b1',
    'Content-Type: text/plain',
    '',
    'I am sorry.',
    '--b1',
    `Content-Type: message/${type}`,
    '',
    ...status,
    '',
    '--b1',
    `Content-Type: ${originalType}`,
    '',
    ...(original ?? [
      'From: Acme <billing@acme.example>',
      'To: anna@example.com',
      `Message-ID: ${OURS}`,
      'Subject: Invoice 7',
    ]),
    '',
    'Dear Anna, pay.',
    '--b1--',
    '',
  ].join('\r\n');

const failed = (...fields: string[]) => [
  'Reporting-MTA: dns; mx.example',
  '',
  'Final-Recipient: rfc822; anna@example.com',
  ...fields,
];
const newsOf = async (raw: string) => {
  const mail = await parseMime(Buffer.from(raw));
  return mail && mailNews(mail, { organisationId: null, now: NOW });
};

describe('a report of delivery', () => {
  it('tells what became of a message of ours, and is nobody’s answer', async () => {
    const raw = report({
      status: failed('Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 unknown'),
    });
    expect(await newsOf(raw)).toEqual({
      receipts: [
        {
          eventKey: expect.stringMatching(/^report\/[0-9a-f]{64}\/0$/) as string,
          organisationId: ORGANISATION,
          contactId: CONTACT,
          recipientHash: recipientHash('anna@example.com'),
          providerId: null,
          kind: 'bounced',
          byMachine: false,
          addressIsBad: true,
          code: 'smtp_5.1.1',
          effectiveAt: NOW,
        },
      ],
      messages: [],
      blocks: [],
      ignored: 0,
    });
  });

  it.each<[string[], string, boolean, string | null]>([
    [['Action: failed', 'Status: 5.2.2'], 'bounced', false, 'smtp_5.2.2'],
    [['Action: failed', 'Status: 5.7.1'], 'bounced', false, 'smtp_5.7.1'],
    [['Action: failed', 'Status: 4.4.7'], 'failed', false, 'smtp_4.4.7'],
    [
      ['Action: failed', 'Status: 5.0.0', 'Diagnostic-Code: smtp; 550-5.1.1 no such user'],
      'bounced',
      true,
      'smtp_5.1.1',
    ],
    [
      ['Action: failed', 'Status: 5.0.0', 'Diagnostic-Code: smtp; 10.5.1.1 is', ' no code'],
      'bounced',
      false,
      'smtp_5.0.0',
    ],
    [['Action: failed'], 'bounced', false, null],
    [['Action: Delayed', 'Status: 4.4.1'], 'deferred', false, 'smtp_4.4.1'],
    [['Action: delivered', 'Status: 2.0.0'], 'delivered', false, 'smtp_2.0.0'],
    [['Action: relayed', 'Status: 2.0.0'], 'accepted', false, 'smtp_2.0.0'],
  ])('of %j says %s', async (fields, kind, addressIsBad, code) => {
    expect(await newsOf(report({ status: failed(...fields) }))).toMatchObject({
      receipts: [{ kind, addressIsBad, code }],
    });
  });

  it('knows the message by its headers alone', async () => {
    const raw = report({
      status: failed('Action: failed', 'Status: 5.1.1'),
      originalType: 'text/rfc822-headers',
    });
    expect(await newsOf(raw)).toMatchObject({ receipts: [{ contactId: CONTACT }] });
  });

  it('says which of the recipients it is about, as the message was addressed to them', async () => {
    const status = [
      'Reporting-MTA: dns; mx',
      '',
      'Final-Recipient: rfc822; shared-box-7@mx.example',
      'Original-Recipient: rfc822;BOSS@example.com',
      'Action: failed',
      'Status: 5.1.1',
    ];
    expect(await newsOf(report({ status }))).toMatchObject({
      receipts: [{ recipientHash: recipientHash('boss@example.com') }],
    });
  });

  it('of a message that is not ours tells nothing, and is nobody’s answer either', async () => {
    const raw = report({
      status: failed('Action: failed', 'Status: 5.1.1'),
      original: ['Message-ID: <other@x.example>'],
    });
    expect(await newsOf(raw)).toMatchObject({ receipts: [], messages: [], ignored: 1 });
  });

  it.each([['Action: eaten'], ['Action: toString'], []])('with %j tells nothing', async (...fields) => {
    expect(await newsOf(report({ status: failed(...fields) }))).toMatchObject({ receipts: [], messages: [] });
  });
});

describe('a report of abuse', () => {
  it.each<[string, string | null]>([
    ['abuse', 'complained'],
    ['fraud', 'complained'],
    ['opt-out', 'unsubscribed'],
    ['not-spam', null],
    ['virus', null],
  ])('of the type %s is %j', async (feedback, kind) => {
    const raw = report({
      type: 'feedback-report',
      status: [`Feedback-Type: ${feedback}`, 'User-Agent: Some/1.0', 'Version: 1'],
    });
    expect(await newsOf(raw)).toMatchObject({
      receipts: kind === null ? [] : [{ kind, contactId: CONTACT }],
      messages: [],
    });
  });
});

it('takes an answer that quotes a report for an answer', async () => {
  const raw = [
    'From: anna@example.com',
    'Subject: Re: Undelivered',
    '',
    'Action: failed',
    'What is this?',
  ].join('\r\n');
  expect(await newsOf(raw)).toMatchObject({ receipts: [], messages: [{ from: 'anna@example.com' }] });
});
