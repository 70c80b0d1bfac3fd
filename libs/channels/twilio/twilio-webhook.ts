import twilio from 'twilio';
import type { Receipt, ReceivedMessage, WebhookReader, WebhookReading } from '#channels/receipt.js';
import { idIn, readingOf, wordOf } from '#channels/webhook-values.js';
import type { ReceiptKind } from '#domain/delivery.js';
import type { Instant } from '#domain/instant.js';
import { BAD_NUMBERS } from './twilio-codes.js';

export interface TwilioWebhookConfig {
  /** The account's own token: Twilio signs with it, whatever key messages are sent by. */
  authToken: string;
}

export const KINDS: Readonly<Record<string, ReceiptKind>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted',
  delivered: 'delivered',
  read: 'opened',
  undelivered: 'failed',
  failed: 'failed',
};

/** E.164: nothing else is a person whom one could have written to. Short codes, names and `whatsapp:…` are not. */
const NUMBER = /^\+[1-9]\d{6,14}$/;
/** More than Twilio lets through. */
const MOST_MEDIA = 10;

/**
 * Twilio's status callbacks and the messages that came in, signed over the address and the sorted fields. There is no time in what
 * is signed: a repetition is known by the message and its status, and changes nothing.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export const createTwilioWebhook = ({ authToken }: TwilioWebhookConfig): WebhookReader => ({
  provider: 'twilio',
  // TwiML that has nobody written to: Twilio logs error 12300 for each message that is answered by anything else.
  answer: { contentType: 'text/xml', body: '<Response/>' },
  read: ({ url, headers, body }, now) => {
    const fields = fieldsOf(body);
    const signature = headers['x-twilio-signature'];
    if (!signature || !URL.canParse(url) || !isSigned(authToken, signature, url, fields, body))
      return { kind: 'refused', reason: 'signature' };
    return readFields(fields, url, now);
  },
});

type Fields = Record<string, string | string[]>;

function isSigned(token: string, signature: string, url: string, fields: Fields, body: Buffer): boolean {
  return new URL(url).searchParams.has('bodySHA256')
    ? twilio.validateRequestWithBody(token, signature, url, body.toString('utf8'))
    : twilio.validateRequest(token, signature, url, fields);
}

function fieldsOf(body: Buffer): Fields {
  const fields: Fields = Object.create(null) as Fields;
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

function readFields(fields: Fields, url: string, now: Instant): WebhookReading {
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const status = text('MessageStatus') ?? text('SmsStatus');
  const messages = status === 'received' ? messagesOf(text, url, now) : [];
  const receipts = receiptsOf(text, status, url, now);
  return readingOf({ receipts, messages, ignored: receipts.length + messages.length > 0 ? 0 : 1 });
}

type Text = (name: string) => string | undefined;

const sidOf = (text: Text): string | undefined => text('MessageSid') ?? text('SmsSid');

function receiptsOf(text: Text, status: string | undefined, url: string, now: Instant): Receipt[] {
  const sid = sidOf(text);
  const kind = status !== undefined && Object.hasOwn(KINDS, status) ? KINDS[status] : undefined;
  if (sid === undefined || !kind) return [];
  const code = wordOf(text('ErrorCode')) ?? null;
  return [
    {
      eventKey: `${sid}/${status}`,
      organisationId: idIn(url, 'organisation'),
      contactId: idIn(url, 'contact'),
      providerId: sid,
      kind,
      byMachine: false,
      addressIsBad: kind === 'failed' && BAD_NUMBERS.has(Number(code)),
      code,
      effectiveAt: now,
    },
  ];
}

/** https://www.twilio.com/docs/messaging/guides/webhook-request */
function messagesOf(text: Text, url: string, now: Instant): ReceivedMessage[] {
  const [sid, from, to] = [sidOf(text), text('From'), text('To')];
  if (sid === undefined || from === undefined || !NUMBER.test(from)) return [];
  const media = Math.min(Number(text('NumMedia') ?? 0) || 0, MOST_MEDIA);
  return [
    {
      eventKey: sid,
      organisationId: idIn(url, 'organisation'),
      medium: 'sms',
      from,
      fromName: null,
      to: to === undefined ? [] : [to],
      subject: null,
      text: text('Body') ?? '',
      headers: {},
      attachments: Array.from({ length: media }, (_, index) => ({
        filename: `media-${String(index + 1)}`,
        contentType: text(`MediaContentType${String(index)}`) ?? 'application/octet-stream',
        bytes: 0,
      })),
      effectiveAt: now,
    },
  ];
}
