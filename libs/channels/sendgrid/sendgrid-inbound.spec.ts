import { describeWebhook } from '#channels/webhook.contract.js';
import { SENDGRID_WEBHOOK_KEY, sendgridInbound, sendgridWebhook } from '#test/support/providers/index.js';
import { createSendgridInbound } from './sendgrid-inbound.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const SECRET = 'a-secret-of-the-tests';
const ORGANISATION = '018f0000-0000-7000-8000-000000000001';
const CONTACT = '018f0000-0000-7000-8000-000000000002';
const reader = createSendgridInbound({ verificationKey: SENDGRID_WEBHOOK_KEY });

const HEADERS = [
  'Date: Mon, 2 Mar 2026 08:59:00 +0000',
  'From: =?utf-8?q?Anna_M=C3=BCller?= <anna@example.com>',
  'To: Acme <billing+abc@acme.example>',
  'Cc: Bob <bob@example.com>, team: eve@example.com;',
  'Subject: =?utf-8?q?Re:_Rechnung_f=C3=BCr_M=C3=A4rz?=',
  'Message-ID: <answer-1@example.com>',
  `In-Reply-To: <${CONTACT}.${ORGANISATION}@acme.example>`,
];
const MIME = [...HEADERS, 'Content-Type: text/plain; charset=utf-8', '', 'Schon bezahlt, grüße'].join('\r\n');
const raw = (mime: string | Buffer) => [{ name: 'email', value: mime }];
const parsed = (overrides: Record<string, string | Buffer> = {}) =>
  Object.entries({
    headers: HEADERS.join('\n'),
    from: 'Anna Müller <anna@example.com>',
    to: 'Acme <billing+abc@acme.example>',
    cc: 'Bob <bob@example.com>, team: eve@example.com;',
    subject: 'Re: Rechnung für März',
    text: 'Schon bezahlt, grüße',
    envelope: JSON.stringify({ to: ['hidden@acme.example'], from: 'anna@example.com' }),
    charsets: JSON.stringify({ text: 'utf-8' }),
    ...overrides,
  }).map(([name, value]) => ({ name, value }));
const read = (parts: Parameters<typeof sendgridInbound>[0]) =>
  reader.read(sendgridInbound(parts, NOW, `?organisation=${ORGANISATION}`), NOW);
const SIGNED = sendgridInbound(raw(MIME), NOW);

describeWebhook('sendgrid’s incoming mail', {
  reader,
  now: NOW,
  signed: () => ({ ...SIGNED }),
  header: 'x-twilio-email-event-webhook-signature',
});

const MESSAGE = {
  eventKey: '<answer-1@example.com>',
  organisationId: ORGANISATION,
  medium: 'email',
  from: 'anna@example.com',
  fromName: 'Anna Müller',
  to: ['billing+abc@acme.example', 'bob@example.com', 'eve@example.com'],
  subject: 'Re: Rechnung für März',
  text: 'Schon bezahlt, grüße',
  attachments: [],
  effectiveAt: NOW - 60_000,
};

describe('SendGrid’s incoming mail', () => {
  it('is read raw', async () => {
    const reading = await read(raw(MIME));
    expect(reading).toMatchObject({ kind: 'read', receipts: [], messages: [MESSAGE], ignored: 0 });
    expect(reading.kind === 'read' && reading.messages[0]?.headers).toMatchObject({
      'in-reply-to': `<${CONTACT}.${ORGANISATION}@acme.example>`,
      'message-id': '<answer-1@example.com>',
    });
  });

  it('is read taken apart, and names whom its envelope names', async () => {
    expect(await read(parsed())).toMatchObject({
      messages: [{ ...MESSAGE, to: [...MESSAGE.to, 'hidden@acme.example'] }],
    });
  });

  it('is in the character set that its field is in', async () => {
    const text = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
    const fields = parsed({ text, charsets: JSON.stringify({ text: 'windows-1251' }) });
    expect(await read(fields)).toMatchObject({ messages: [{ text: 'Привет' }] });
  });

  it.each(['no-such-charset', 7])('is taken for UTF-8 where its character set is %j', async (text) => {
    expect(await read(parsed({ charsets: JSON.stringify({ text }) }))).toMatchObject({
      messages: [{ text: MESSAGE.text }],
    });
  });

  it('is text where it is HTML alone', async () => {
    const html = '<p>Schon <b>bezahlt</b></p><script>x()</script>';
    expect(await read(parsed({ text: '', html }))).toMatchObject({ messages: [{ text: 'Schon bezahlt' }] });
    const mime = [...HEADERS, 'Content-Type: text/html', '', html].join('\r\n');
    expect(await read(raw(mime))).toMatchObject({ messages: [{ text: 'Schon bezahlt' }] });
  });

  it('has its files counted, and not kept', async () => {
    const file = {
      name: 'attachment1',
      filename: 'Beleg.pdf',
      type: 'application/pdf',
      value: Buffer.alloc(70_000, 1),
    };
    expect(await read([...parsed(), file])).toMatchObject({
      messages: [{ attachments: [{ filename: 'Beleg.pdf', contentType: 'application/pdf', bytes: 70_000 }] }],
    });
  });

  it('has nothing in it that a database cannot keep', async () => {
    const reading = await read(parsed({ text: 'a\0b', subject: 'x\0' }));
    expect(reading).toMatchObject({ messages: [{ text: 'ab', subject: 'x' }] });
  });

  it('is from when it came where its date cannot be', async () => {
    const mime = (date: string) => raw(MIME.replace(/^Date:.*/, `Date: ${date}`));
    for (const date of ['soon', 'Mon, 2 Mar 2036 08:59:00 +0000', 'Mon, 2 Mar 1998 08:59:00 +0000'])
      expect(await read(mime(date))).toMatchObject({ messages: [{ effectiveAt: NOW }] });
  });

  it.each([
    ['no form', Buffer.from('{}')],
    ['half a form', Buffer.from('--xYzZY\r\nContent-Disposition: form-data; name="email"\r\n\r\nDate')],
    ['a form without mail', [{ name: 'other', value: 'x' }]],
    ['an empty letter', raw('')],
  ])('cannot be read where it is %s', async (_what, parts) => {
    expect(await read(parts)).toEqual({ kind: 'refused', reason: 'unreadable' });
  });

  it('is taken for three days, and no longer', async () => {
    const request = sendgridInbound(raw(MIME), NOW);
    expect(await reader.read(request, NOW + 72 * 3_600_000)).toMatchObject({ kind: 'read' });
    expect(await reader.read(request, NOW + 76 * 3_600_000)).toEqual({ kind: 'refused', reason: 'too_old' });
  });

  describe('from an account that does not sign', () => {
    const unsigned = createSendgridInbound({ secret: SECRET });
    const call = (query: string) => {
      const { 'content-type': contentType } = SIGNED.headers;
      return {
        url: `https://kindly.example/webhooks/sendgrid-inbound${query}`,
        headers: { 'content-type': contentType },
        body: SIGNED.body,
      };
    };
    it('is believed for the secret in its address', async () => {
      expect(await unsigned.read(call(`?secret=${SECRET}`), NOW)).toMatchObject({ kind: 'read' });
      expect(unsigned.refusesUnread?.(call(`?secret=${SECRET}`))).toBe(false);
    });
    it.each(['', '?secret=', '?secret=another', `?Secret=${SECRET}`, `?secret=x&secret=${SECRET}`])(
      'is refused before it is read with %j',
      async (query) => {
        expect(await unsigned.read(call(query), NOW)).toEqual({ kind: 'refused', reason: 'signature' });
        expect(unsigned.refusesUnread?.(call(query))).toBe(true);
      },
    );
    it('needs both where both are given', async () => {
      const both = createSendgridInbound({ secret: SECRET, verificationKey: SENDGRID_WEBHOOK_KEY });
      expect(await both.read(call(`?secret=${SECRET}`), NOW)).toMatchObject({ kind: 'refused' });
      expect(await both.read(SIGNED, NOW)).toMatchObject({ kind: 'refused' });
      expect(await both.read(sendgridInbound(raw(MIME), NOW, `?secret=${SECRET}`), NOW)).toMatchObject({
        kind: 'read',
      });
    });
    it('is never believed without either', () => {
      expect(() => createSendgridInbound({})).toThrow(/^sendgrid: incoming mail/);
      expect(() => createSendgridInbound({ verificationKey: 'none' })).toThrow(/^sendgrid: .*incoming mail/);
    });
  });

  it('is no event, though it is signed by the same key', async () => {
    expect(await reader.read(sendgridWebhook([{}], NOW), NOW)).toEqual({
      kind: 'refused',
      reason: 'unreadable',
    });
  });
});
