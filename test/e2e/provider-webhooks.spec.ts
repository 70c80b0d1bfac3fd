import { randomUUID } from 'node:crypto';
import type { WebhookRequest } from '#channels/receipt.js';
import { createWebhooks } from '#channels/webhooks.js';
import {
  SENDGRID_WEBHOOK_KEY,
  sendgridInbound,
  sendgridWebhook,
  twilioWebhook,
} from '#test/support/providers/index.js';
import { openWorld, type World } from './campaigns-world.js';

const PUBLIC_URL = 'https://kindly.example';
const TOKEN = 'a-token-of-the-tests';

let world: World;
let contactId: string;

beforeAll(async () => {
  world = await openWorld({
    settings: (same) => ({
      ...same,
      publicUrl: PUBLIC_URL,
      webhooks: createWebhooks({
        sendgrid: { verificationKey: SENDGRID_WEBHOOK_KEY },
        sendgridInbound: { verificationKey: SENDGRID_WEBHOOK_KEY, secret: TOKEN },
        twilio: { authToken: TOKEN },
      }),
    }),
  });
  await world.publishCampaign('standard');
  const invoiceId = await world.invoice('INV-1');
  await world.enrol('INV-1', 'standard');
  await world.setClock('2013-01-26T09:00:00Z');
  await world.execute(invoiceId);
  const contacts = await world.admin.get<{ data: { id: string }[] }>('/v1/contacts');
  contactId = contacts.body.data[0]?.id ?? '';
});
afterAll(() => world.close());

const event = (overrides: Record<string, unknown> = {}) => ({
  event: 'delivered',
  timestamp: Math.floor(Date.now() / 1_000),
  sg_event_id: randomUUID(),
  organisationId: world.organisation.id,
  contactId,
  ...overrides,
});

/** As the provider would: without a key of Kindly's. */
const call = ({ url, headers, body }: WebhookRequest) => {
  const { pathname, search } = new URL(url);
  return world.api.stranger.send<Record<string, unknown>>('POST', `${pathname}${search}`, {
    body,
    headers: headers as Record<string, string>,
  });
};

const sendgrid = (...events: unknown[]) => call(sendgridWebhook(events, Date.now()));

it('has a message to tell of', () => {
  expect(contactId).not.toBe('');
});

it('stores what SendGrid tells, each once', async () => {
  const [one, two] = [event(), event({ event: 'open' })];
  expect(await sendgrid(one, two, event({ event: 'of_tomorrow' }))).toMatchObject({
    status: 200,
    body: { stored: 2, repeated: 0, ignored: 1 },
  });
  expect(await sendgrid(two, one, event({ contactId: randomUUID() }))).toMatchObject({
    status: 200,
    body: { stored: 0, repeated: 2, ignored: 1 },
  });
});

it('lists messages by what became of them', async () => {
  const list = (query: string) => world.admin.get<{ data: { id: string }[] }>(`/v1/contacts?${query}`);
  const message = await world.admin.get<Record<string, unknown>>(`/v1/contacts/${contactId}`);
  expect(message.body).toMatchObject({ delivery: null, deliveredAt: null, resolution: null });
  expect(await list('delivery=bounced')).toMatchObject({ status: 200, body: { data: [] } });
  expect(await list('resolution=treated_as_sent')).toMatchObject({ status: 200, body: { data: [] } });
  expect(await list('delivery=eaten')).toMatchObject({ status: 400 });
});

it('counts messages by what became of them, and what nobody knows of', async () => {
  const { admin } = world;
  const { body } = await admin.get('/v1/ledger?from=2013-01-01T00:00:00Z');
  expect(body).toMatchObject({
    messages: [{ provider: 'outbox', medium: 'email', state: 'accepted', count: 1 }],
    unknown: {
      lookedFor: 0,
      oldestLookedFor: null,
      treatedAsSent: 0,
      byReceipt: 0,
      byLookUp: 0,
      released: 0,
    },
  });
  expect(await admin.get('/v1/ledger?from=2013-01-01T00:00:00Z&to=2013-01-02T00:00:00Z')).toMatchObject({
    status: 200,
    body: { messages: [] },
  });
  expect(await admin.get('/v1/ledger?from=yesterday')).toMatchObject({ status: 400 });
});

it('refuses what is not signed, and stores nothing of it', async () => {
  const told = event();
  const signed = sendgridWebhook([told], Date.now());
  const forged = [
    { ...signed, headers: { 'content-type': 'application/json' } },
    { ...signed, headers: { ...signed.headers, 'x-twilio-email-event-webhook-signature': 'AAAA' } },
    { ...signed, body: Buffer.from(JSON.stringify([event(), told])) },
    sendgridWebhook([told], Date.now() - 48 * 3_600_000),
  ];
  for (const request of forged)
    expect(await call(request)).toMatchObject({
      status: 401,
      body: { type: expect.stringContaining('unauthenticated') as unknown },
    });
  expect((await sendgrid(told)).body).toEqual({ stored: 1, repeated: 0, ignored: 0 });
});

it('checks Twilio’s signature over the address that is known outside', async () => {
  const url = `${PUBLIC_URL}/webhooks/twilio?organisation=${world.organisation.id}&contact=${contactId}`;
  const fields = { MessageSid: 'SM1', MessageStatus: 'delivered' };
  const answer = await call(twilioWebhook(url, fields, TOKEN));
  expect(answer).toMatchObject({ status: 200, body: '<Response/>' });
  expect(answer.headers.get('content-type')).toMatch(/^text\/xml/);
  expect(await call(twilioWebhook(url, fields, TOKEN))).toMatchObject({ status: 200 });
  expect(await call(twilioWebhook(url, fields, 'another-token'))).toMatchObject({ status: 401 });
  const elsewhere = twilioWebhook(url.replace(PUBLIC_URL, 'https://other.example'), fields, TOKEN);
  expect(await call(elsewhere)).toMatchObject({ status: 401 });
});

it('knows no provider that is not configured', async () => {
  const request = sendgridWebhook([event()], Date.now(), `${PUBLIC_URL}/webhooks/telegram`);
  expect(await call(request)).toMatchObject({ status: 404 });
});

it('takes a signed body that it cannot read for what it is', async () => {
  expect(await call(sendgridWebhook(Buffer.from('{'), Date.now()))).toMatchObject({ status: 400 });
});

it('reads no more than a provider would send', async () => {
  const request = sendgridWebhook(Buffer.alloc(6_000_000, ' '), Date.now());
  expect(await call(request)).toMatchObject({ status: 413 });
});

describe('mail that came in', () => {
  const mail = (raw: string | Buffer) => [{ name: 'email', value: raw }];
  const query = () => `?organisation=${world.organisation.id}&secret=${TOKEN}`;
  const letter = 'From: anna@example.com\r\nMessage-ID: <a-1@example.com>\r\n\r\nPaid.';

  it('is stored once', async () => {
    const request = sendgridInbound(mail(letter), Date.now(), query());
    expect(await call(request)).toMatchObject({ status: 200, body: { stored: 1, repeated: 0 } });
    expect(await call(request)).toMatchObject({ status: 200, body: { stored: 0, repeated: 1 } });
  });

  it('tells what became of a message where it is a report of it', async () => {
    const report = [
      'From: MAILER-DAEMON@mx.example',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; anna@example.com',
      'Action: failed',
      'Status: 5.2.2',
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: <${contactId}.${world.organisation.id}@acme.example>`,
      '',
      '--b--',
    ].join('\r\n');
    const request = sendgridInbound(mail(report), Date.now(), query());
    expect(await call(request)).toMatchObject({ status: 200, body: { stored: 1, ignored: 0 } });
    expect(await call(request)).toMatchObject({ status: 200, body: { repeated: 1 } });
  });

  it('is refused without its secret, before it is read', async () => {
    const request = sendgridInbound(mail(letter), Date.now());
    expect(await call(request)).toMatchObject({ status: 401 });
  });

  it('may have 30 MB of files, and no more', async () => {
    const file = {
      name: 'attachment1',
      filename: 'a.pdf',
      type: 'application/pdf',
      value: Buffer.alloc(30_000_000),
    };
    const large = [
      { name: 'headers', value: 'Message-ID: <a-2@example.com>' },
      { name: 'from', value: 'anna@example.com' },
      file,
    ];
    expect(await call(sendgridInbound(large, Date.now(), query()))).toMatchObject({
      status: 200,
      body: { stored: 1 },
    });
    const larger = [...large, { ...file, name: 'attachment2', value: Buffer.alloc(3_000_000) }];
    expect(await call(sendgridInbound(larger, Date.now(), query()))).toMatchObject({ status: 413 });
  });
});
