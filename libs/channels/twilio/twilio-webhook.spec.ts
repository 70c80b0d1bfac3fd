import { describeWebhook } from '#channels/webhook.contract.js';
import { twilioJsonWebhook, twilioWebhook } from '#test/support/providers/index.js';
import { createTwilioWebhook } from './twilio-webhook.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const TOKEN = '12345';
const ORGANISATION = '018f0000-0000-7000-8000-000000000001';
const CONTACT = '018f0000-0000-7000-8000-000000000002';
const URL_ = `https://kindly.example/webhooks/twilio?organisation=${ORGANISATION}&contact=${CONTACT}`;
const reader = createTwilioWebhook({ authToken: TOKEN });

const callback = (fields: Record<string, string> = {}, url = URL_) =>
  twilioWebhook(url, { MessageSid: 'SM1', MessageStatus: 'delivered', To: '+15005550006', ...fields }, TOKEN);
const receiptOf = async (fields: Record<string, string>, url?: string) => {
  const reading = await reader.read(callback(fields, url), NOW);
  return reading.kind === 'read' ? reading.receipts[0] : undefined;
};

describeWebhook('twilio', {
  reader,
  now: NOW,
  // Without a plus sign: %2B and %2b are two ways to write the same, and what is signed is the same.
  signed: () => callback({ To: 'anybody' }),
  header: 'x-twilio-signature',
});

describe('Twilio’s webhooks', () => {
  it('are checked as Twilio’s published example says', async () => {
    const example = {
      url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
      headers: { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
      body: Buffer.from(
        'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212',
      ),
    };
    expect(await reader.read(example, NOW)).toMatchObject({ kind: 'read', receipts: [], ignored: 1 });
    const another = { ...example, url: example.url.replace('foo=1', 'foo=2') };
    expect(await reader.read(another, NOW)).toEqual({ kind: 'refused', reason: 'signature' });
  });

  it('tell of a message by the ids in the signed address', async () => {
    expect(await reader.read(callback(), NOW)).toEqual({
      kind: 'read',
      receipts: [
        {
          eventKey: 'SM1/delivered',
          organisationId: ORGANISATION,
          contactId: CONTACT,
          providerId: 'SM1',
          kind: 'delivered',
          byMachine: false,
          addressIsBad: false,
          code: null,
          effectiveAt: NOW,
        },
      ],
      messages: [],
      blocks: [],
      ignored: 0,
    });
  });

  it.each([
    ['queued', 'accepted'],
    ['sent', 'accepted'],
    ['read', 'opened'],
    ['undelivered', 'failed'],
    ['failed', 'failed'],
  ])('take %s for %s', async (MessageStatus, kind) => {
    expect(await receiptOf({ MessageStatus })).toMatchObject({ kind });
  });

  it.each([
    ['21610', true],
    ['30005', true],
    ['30006', true],
    ['30003', false],
    ['30004', false],
    ['30007', false],
    ['not a code', false],
  ])('know of the error %s whether the number is bad', async (ErrorCode, addressIsBad) => {
    expect(await receiptOf({ MessageStatus: 'undelivered', ErrorCode })).toMatchObject({ addressIsBad });
  });

  it('keep no words of Twilio’s', async () => {
    expect(await receiptOf({ MessageStatus: 'failed', ErrorCode: 'to +15005550006' })).toMatchObject({
      code: null,
    });
  });

  it('believe no id that is none', async () => {
    const url = 'https://kindly.example/webhooks/twilio?contact=1';
    expect(await receiptOf({}, url)).toMatchObject({ organisationId: null, contactId: null });
  });

  it.each(['canceled', 'toString', ''])('ignore the status %j', async (MessageStatus) => {
    expect(await reader.read(callback({ MessageStatus }), NOW)).toMatchObject({ receipts: [], ignored: 1 });
  });

  const received = (fields: Record<string, string> = {}) =>
    reader.read(
      twilioWebhook(
        URL_,
        {
          MessageSid: 'SM2',
          SmsStatus: 'received',
          From: '+15005550006',
          To: '+15005550009',
          Body: 'Ja',
          ...fields,
        },
        TOKEN,
      ),
      NOW,
    );

  it('bring a message that came in, whole', async () => {
    expect(await received()).toEqual({
      kind: 'read',
      receipts: [],
      messages: [
        {
          eventKey: 'SM2',
          organisationId: ORGANISATION,
          medium: 'sms',
          from: '+15005550006',
          fromName: null,
          to: ['+15005550009'],
          subject: null,
          text: 'Ja',
          headers: {},
          attachments: [],
          effectiveAt: NOW,
        },
      ],
      blocks: [],
      ignored: 0,
    });
  });

  it('bring a picture without words as a message with a picture', async () => {
    const media = { Body: '', NumMedia: '2', MediaContentType0: 'image/jpeg' };
    expect(await received(media)).toMatchObject({
      messages: [
        {
          text: '',
          attachments: [
            { filename: 'media-1', contentType: 'image/jpeg' },
            { filename: 'media-2', contentType: 'application/octet-stream' },
          ],
        },
      ],
    });
  });

  it.each(['-1', '1e9', 'many', 'NaN'])('believe in no %s pictures', async (NumMedia) => {
    const reading = await received({ NumMedia });
    const [message] = reading.kind === 'read' ? reading.messages : [];
    expect(message?.attachments.length).toBeLessThanOrEqual(10);
  });

  it.each(['12345', 'Bank', 'whatsapp:+15005550006', ''])(
    'make nothing of a message from %j, and count it',
    async (From) => {
      expect(await received({ From })).toMatchObject({ messages: [], ignored: 1 });
    },
  );

  it('may have a body of JSON whose hash is in the address', async () => {
    const request = twilioJsonWebhook('https://kindly.example/webhooks/twilio', '{"a":1}', TOKEN);
    expect(await reader.read(request, NOW)).toMatchObject({ kind: 'read', ignored: 1 });
    expect(await reader.read({ ...request, body: Buffer.from('{"a":2}') }, NOW)).toMatchObject({
      kind: 'refused',
    });
  });
});
