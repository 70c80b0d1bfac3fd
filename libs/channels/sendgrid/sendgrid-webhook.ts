import { recipientHash } from '#channels/recipient-hash.js';
import { isMachineAgent } from '#channels/machine-agents.js';
import type { Receipt, WebhookReader, WebhookReading } from '#channels/receipt.js';
import { readingOf, wordOf } from '#channels/webhook-values.js';
import type { ReceiptKind } from '#domain/delivery.js';
import type { Instant } from '#domain/instant.js';
import { isUuid } from '#domain/uuid.js';
import { refusalOfSendgrid, sendgridKey } from './sendgrid-signature.js';

export interface SendgridWebhookConfig {
  /** As SendGrid shows it beside "Signed Event Webhook": base64 of the public key's DER. */
  verificationKey: string;
}

/** SendGrid tries for a day to be heard; what comes twice changes nothing. */
const OLDEST_MS = 25 * 3_600_000;

const KINDS: Readonly<Record<string, ReceiptKind>> = {
  processed: 'accepted',
  deferred: 'deferred',
  delivered: 'delivered',
  open: 'opened',
  click: 'clicked',
  bounce: 'bounced',
  dropped: 'failed',
  spamreport: 'complained',
  unsubscribe: 'unsubscribed',
  group_unsubscribe: 'unsubscribed',
};

/** Why SendGrid itself drops a message that is to an address it knows to be bad. */
const DROPPED: readonly [RegExp, string][] = [
  [/bounced address/i, 'bounced_address'],
  [/spam reporting/i, 'spam_reporting_address'],
  [/unsubscribed address/i, 'unsubscribed_address'],
  [/^invalid$/i, 'invalid_address'],
];

/** Enhanced status codes that are about the mailbox: unknown, moved, disabled (RFC 3463). */
const BAD_MAILBOX = /^5\.(?:1\.(?:1|2|3|6|10)|2\.1)$/;

/**
 * SendGrid's event webhook, signed with ECDSA over P-256.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 *
 * @throws Error when the key is none
 */
export function createSendgridWebhook({ verificationKey }: SendgridWebhookConfig): WebhookReader {
  const key = sendgridKey('verificationKey', verificationKey);
  return {
    provider: 'sendgrid',
    read: (request, now) => {
      const reason = refusalOfSendgrid(request, key, { now, oldestMs: OLDEST_MS });
      return reason === null ? readEvents(request.body) : { kind: 'refused', reason };
    },
  };
}

/** What SendGrid says of a message, as an event or in its logs. */
export type SendgridEvent = Record<string, unknown>;

function readEvents(body: Buffer): WebhookReading {
  let events: unknown;
  try {
    events = JSON.parse(body.toString('utf8'));
  } catch {
    return { kind: 'refused', reason: 'unreadable' };
  }
  if (!Array.isArray(events)) return { kind: 'refused', reason: 'unreadable' };
  const read = events.map(receiptOf);
  const receipts = read.filter((receipt) => receipt !== null);
  return readingOf({ receipts, ignored: read.length - receipts.length });
}

function receiptOf(event: unknown): Receipt | null {
  if (typeof event !== 'object' || event === null) return null;
  const told = event as SendgridEvent;
  const { event: name, sg_event_id: id, timestamp } = told;
  const kind = typeof name === 'string' && Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  const effectiveAt: Instant = Number(timestamp) * 1_000;
  if (!kind || typeof id !== 'string' || id === '' || !isInstant(effectiveAt)) return null;
  return {
    eventKey: id,
    organisationId: isUuid(told['organisationId']) ? told['organisationId'] : null,
    contactId: isUuid(told['contactId']) ? told['contactId'] : null,
    ...(typeof told['email'] === 'string' ? { recipientHash: recipientHash(told['email']) } : {}),
    providerId: typeof told['sg_message_id'] === 'string' ? messageNameOf(told['sg_message_id']) : null,
    kind,
    byMachine: (kind === 'opened' || kind === 'clicked') && isByMachine(told),
    ...faultOf(kind, told),
    effectiveAt,
  };
}

/** As X-Message-Id gave it, which may hold dots: what SendGrid adds begins with the name of a filter or receiver. */
export const messageNameOf = (id: string): string | null =>
  /^(.+?)\.(?:filter|recvd)/.exec(id)?.[1] ?? id.split('.')[0] ?? null;

const isInstant = (at: number): boolean => Number.isInteger(at) && at > 0 && at < 8.64e15;

const isByMachine = ({ sg_machine_open: machine, useragent }: SendgridEvent): boolean =>
  machine === true || isMachineAgent(typeof useragent === 'string' ? useragent : undefined);

export function faultOf(kind: ReceiptKind, told: SendgridEvent): Pick<Receipt, 'addressIsBad' | 'code'> {
  const reason = typeof told['reason'] === 'string' ? told['reason'] : '';
  if (kind === 'complained') return { addressIsBad: true, code: 'spam_report' };
  if (kind === 'failed') {
    const code = DROPPED.find(([words]) => words.test(reason.trim()))?.[1];
    return { addressIsBad: code !== undefined, code: code ?? 'dropped' };
  }
  if (kind !== 'bounced' && kind !== 'deferred') return { addressIsBad: false, code: null };
  const enhanced = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(`${wordOf(told['status']) ?? ''} ${reason}`)?.[0];
  const isHard = kind === 'bounced' && told['type'] !== 'blocked';
  const isInvalid = told['bounce_classification'] === 'Invalid Address';
  return {
    addressIsBad: isHard && (isInvalid || (enhanced !== undefined && BAD_MAILBOX.test(enhanced))),
    code: enhanced ? `smtp_${enhanced}` : (wordOf(told['type']) ?? null),
  };
}
