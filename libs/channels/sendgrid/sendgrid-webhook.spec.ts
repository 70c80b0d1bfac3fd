import { createHash } from 'node:crypto';
import { describeWebhook } from '#channels/webhook.contract.js';
import { SENDGRID_WEBHOOK_KEY, sendgridWebhook } from '#test/support/providers/index.js';
import { createSendgridWebhook } from './sendgrid-webhook.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const ORGANISATION = '018f0000-0000-7000-8000-000000000001';
const CONTACT = '018f0000-0000-7000-8000-000000000002';
const reader = createSendgridWebhook({ verificationKey: SENDGRID_WEBHOOK_KEY });

const event = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  event: 'delivered',
  email: 'debtor@example.com',
  timestamp: NOW / 1_000 - 60,
  sg_event_id: 'event-1',
  sg_message_id: 'abc.recvd-1-2-3',
  organisationId: ORGANISATION,
  contactId: CONTACT,
  ...overrides,
});

const read = (...events: unknown[]) => reader.read(sendgridWebhook(events, NOW), NOW);
const receiptOf = async (overrides: Record<string, unknown>) => {
  const reading = await read(event(overrides));
  return reading.kind === 'read' ? reading.receipts[0] : undefined;
};

const SIGNED = sendgridWebhook([event()], NOW);

describeWebhook('sendgrid', {
  reader,
  now: NOW,
  // Signed once: a signature of this kind is another each time.
  signed: () => ({ ...SIGNED }),
  header: 'x-twilio-email-event-webhook-signature',
});

describe('SendGrid’s event webhook', () => {
  it('tells of a message by the ids it was sent with, and nothing about a person', async () => {
    expect(await read(event())).toEqual({
      kind: 'read',
      receipts: [
        {
          eventKey: 'event-1',
          organisationId: ORGANISATION,
          contactId: CONTACT,
          recipientHash: createHash('sha256').update('debtor@example.com').digest('hex'),
          providerId: 'abc',
          kind: 'delivered',
          byMachine: false,
          addressIsBad: false,
          code: null,
          effectiveAt: NOW - 60_000,
        },
      ],
      messages: [],
      blocks: [],
      ignored: 0,
    });
  });

  it.each([
    ['processed', 'accepted'],
    ['deferred', 'deferred'],
    ['open', 'opened'],
    ['click', 'clicked'],
    ['bounce', 'bounced'],
    ['dropped', 'failed'],
    ['spamreport', 'complained'],
    ['unsubscribe', 'unsubscribed'],
    ['group_unsubscribe', 'unsubscribed'],
  ])('takes %s for %s', async (name, kind) => {
    expect(await receiptOf({ event: name })).toMatchObject({ kind });
  });

  it('ignores what it does not know, or cannot use, and counts it', async () => {
    const reading = await read(
      event({ event: 'group_resubscribe' }),
      event({ event: 'toString' }),
      event({ event: 7 }),
      event({ sg_event_id: undefined }),
      event({ timestamp: 'soon' }),
      event({ timestamp: 1e300 }),
      null,
      'text',
      [],
      event(),
    );
    expect(reading).toMatchObject({ receipts: [{ eventKey: 'event-1' }], ignored: 9 });
  });

  it.each([
    ['abc.recvd-1-2-3', 'abc'],
    ['14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0', '14c5d75ce93.dfd.64b469'],
    ['abc.def', 'abc'],
    ['abc', 'abc'],
  ])('knows of %j the name that sending gave', async (id, providerId) => {
    expect(await receiptOf({ sg_message_id: id })).toMatchObject({ providerId });
  });

  it('believes no id that is none', async () => {
    expect(await receiptOf({ organisationId: 7, contactId: "x' or 1=1" })).toMatchObject({
      organisationId: null,
      contactId: null,
    });
  });

  it.each([
    [
      { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 <a@b.c> unknown' },
      true,
      'smtp_5.1.1',
    ],
    [{ event: 'bounce', type: 'bounce', status: '5.2.2', reason: 'mailbox full' }, false, 'smtp_5.2.2'],
    [{ event: 'bounce', type: 'blocked', status: '5.1.1' }, false, 'smtp_5.1.1'],
    [{ event: 'bounce', type: 'bounce', bounce_classification: 'Invalid Address' }, true, 'bounce'],
    [{ event: 'dropped', reason: 'Bounced Address' }, true, 'bounced_address'],
    [{ event: 'dropped', reason: 'Spam Content' }, false, 'dropped'],
    [{ event: 'spamreport' }, true, 'spam_report'],
    [{ event: 'unsubscribe' }, false, null],
    [{ event: 'deferred', reason: '450 4.2.1 try later, a@b.c' }, false, 'smtp_4.2.1'],
  ])('reads whose fault %j is', async (overrides, addressIsBad, code) => {
    expect(await receiptOf(overrides)).toMatchObject({ addressIsBad, code });
  });

  it('tells machines from people', async () => {
    const useragent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36';
    expect(await receiptOf({ event: 'open', useragent })).toMatchObject({ byMachine: false });
    expect(await receiptOf({ event: 'open', useragent, sg_machine_open: true })).toMatchObject({
      byMachine: true,
    });
    expect(await receiptOf({ event: 'click', useragent: 'BarracudaCentral' })).toMatchObject({
      byMachine: true,
    });
  });

  it('takes a late retry, and nothing older', async () => {
    const at = (hours: number) => reader.read(sendgridWebhook([event()], NOW), NOW + hours * 3_600_000);
    expect(await at(24)).toMatchObject({ kind: 'read' });
    expect(await at(26)).toEqual({ kind: 'refused', reason: 'too_old' });
    expect(await at(-1)).toEqual({ kind: 'refused', reason: 'too_old' });
  });

  it.each([Buffer.from('{'), Buffer.from('{"event":"open"}'), Buffer.from([0xff, 0xfe])])(
    'says of a signed body that it cannot be read: %s',
    async (body) => {
      expect(await reader.read(sendgridWebhook(body, NOW), NOW)).toEqual({
        kind: 'refused',
        reason: 'unreadable',
      });
    },
  );

  it('says of a key that it is none', () => {
    expect(() => createSendgridWebhook({ verificationKey: 'no key at all' })).toThrow(
      /^sendgrid: verificationKey/,
    );
  });
});
