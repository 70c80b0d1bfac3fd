import twilio from 'twilio';
import type { Receipt, WebhookReader, WebhookReading } from '#channels/receipt.js';
import { wordOf } from '#channels/webhook-values.js';
import type { ReceiptKind } from '#domain/delivery.js';
import type { Instant } from '#domain/instant.js';
import { isUuid } from '#domain/uuid.js';
import { BAD_NUMBERS } from './twilio-codes.js';

export interface TwilioWebhookConfig {
  /** The account's own token: Twilio signs with it, whatever key messages are sent by. */
  authToken: string;
}

const KINDS: Readonly<Record<string, ReceiptKind>> = {
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

/**
 * Twilio's status callbacks, signed over the address and the sorted fields. There is no time in what
 * is signed: a repetition is known by the message and its status, and changes nothing.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export const createTwilioWebhook = ({ authToken }: TwilioWebhookConfig): WebhookReader => ({
  provider: 'twilio',
  read: ({ url, headers, body }, now) => {
    const fields = fieldsOf(body);
    const signature = headers['x-twilio-signature'];
    if (!signature || !URL.canParse(url) || !isSigned(authToken, signature, url, fields, body))
      return { kind: 'refused', reason: 'signature' };
    return readFields(fields, new URL(url).searchParams, now);
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

function readFields(fields: Fields, query: URLSearchParams, now: Instant): WebhookReading {
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const sid = text('MessageSid') ?? text('SmsSid');
  const status = text('MessageStatus') ?? text('SmsStatus');
  const kind = status !== undefined && Object.hasOwn(KINDS, status) ? KINDS[status] : undefined;
  if (sid === undefined || !kind) return { kind: 'read', receipts: [], ignored: 1 };
  const code = wordOf(text('ErrorCode')) ?? null;
  const [organisationId, contactId] = [query.get('organisation'), query.get('contact')];
  const receipt: Receipt = {
    eventKey: `${sid}/${status}`,
    organisationId: isUuid(organisationId) ? organisationId : null,
    contactId: isUuid(contactId) ? contactId : null,
    providerId: sid,
    kind,
    byMachine: false,
    addressIsBad: kind === 'failed' && BAD_NUMBERS.has(Number(code)),
    code,
    effectiveAt: now,
  };
  return { kind: 'read', receipts: [receipt], ignored: 0 };
}
