import type { Receipt } from '#channels/receipt.js';
import { recipientHash } from '#channels/recipient-hash.js';
import { BAD_MAILBOX } from '#channels/smtp/smtp-outcome.js';
import type { Instant } from '#domain/instant.js';
import type { ReceiptKind } from '#domain/delivery.js';
import { ownMessageIds } from '#domain/references.js';
import { headersOf, type Mail, type MailPart } from './mail.js';

type Told = Pick<Receipt, 'kind' | 'addressIsBad' | 'code' | 'recipientHash'>;

/**
 * What a report tells of messages of ours: of their delivery (RFC 3464) or of a complaint (RFC 5965). The message is known by
 * its Message-ID, which nobody has but those it was sent to; a report that names none of ours tells nothing.
 *
 * @returns null when the mail is no report
 */
export function receiptsOfReport(mail: Mail, now: Instant): Receipt[] | null {
  const part = mail.attachments.find(isStatus);
  if (!part) return null;
  const [contact] = ownMessageIds(namesIn(mail));
  if (!contact) return [];
  const told = /feedback-report/i.test(part.contentType)
    ? complaintOf(part)
    : fieldsOf(part).flatMap((fields) => deliveryOf(fields) ?? []);
  return told.map((each, index) => ({
    eventKey: `report/${mail.digest}/${String(index)}`,
    organisationId: contact.organisationId,
    contactId: contact.contactId,
    providerId: null,
    byMachine: false,
    ...each,
    effectiveAt: now,
  }));
}

const isStatus = ({ contentType }: MailPart): boolean =>
  /^message\/(?:global-)?(?:delivery-status|feedback-report)\b/i.test(contentType);

/** Where a report names the message that it is about: the message itself, or its headers, sent along; or its references. */
const namesIn = ({ attachments, headers }: Mail): string =>
  [
    ...attachments.map(({ content }) => content ?? ''),
    headers['in-reply-to'] ?? '',
    headers['references'] ?? '',
  ].join('\n');

const fieldsOf = (part: MailPart): Record<string, string>[] =>
  (part.content ?? '')
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map(headersOf);

const KINDS: Readonly<Record<string, ReceiptKind>> = {
  failed: 'bounced',
  delayed: 'deferred',
  delivered: 'delivered',
  relayed: 'accepted',
  expanded: 'accepted',
};

/** `5.x.x` is for good; what failed for a `4.x.x` was given up, and says nothing of the address. */
function deliveryOf(fields: Record<string, string>): Told | null {
  const action = (fields['action'] ?? '').toLowerCase();
  const kind = Object.hasOwn(KINDS, action) ? KINDS[action] : undefined;
  if (!kind) return null;
  const status = statusOf(fields);
  const isFinal = status?.startsWith('5') ?? true;
  // The address of the envelope: what a mailbox behind it is called, nobody here has heard.
  const recipient = addressIn(fields['original-recipient']) ?? addressIn(fields['final-recipient']);
  return {
    ...(recipient === undefined ? {} : { recipientHash: recipientHash(recipient) }),
    kind: kind === 'bounced' && !isFinal ? 'failed' : kind,
    addressIsBad: kind === 'bounced' && status !== null && BAD_MAILBOX.has(status),
    code: status === null ? null : `smtp_${status}`,
  };
}

/** Some say `5.0.0` where the server's own words hold the reason. */
function statusOf(fields: Record<string, string>): string | null {
  const find = (name: string): string | undefined =>
    /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(fields[name] ?? '')?.[1];
  const status = find('status');
  return status === undefined || status.endsWith('.0.0')
    ? (find('diagnostic-code') ?? status ?? null)
    : status;
}

/** `rfc822; anna@example.com` */
const addressIn = (field: string | undefined): string | undefined =>
  field?.split(';').at(-1)?.trim() || undefined;

const COMPLAINTS: Readonly<Record<string, Told>> = {
  abuse: { kind: 'complained', addressIsBad: true, code: 'spam_report' },
  fraud: { kind: 'complained', addressIsBad: true, code: 'spam_report' },
  'opt-out': { kind: 'unsubscribed', addressIsBad: false, code: null },
};

function complaintOf(part: MailPart): Told[] {
  const type = (fieldsOf(part)[0]?.['feedback-type'] ?? '').toLowerCase();
  const told = Object.hasOwn(COMPLAINTS, type) ? COMPLAINTS[type] : undefined;
  return told ? [told] : [];
}
