import type { ReceivedMessage, WebhookNews } from '#channels/receipt.js';
import type { Instant } from '#domain/instant.js';
import { receiptsOfReport } from './delivery-reports.js';
import type { Mail } from './mail.js';

/** Where a mail came in. */
export interface Arrival {
  /** Null where the mailbox is the whole installation's. */
  organisationId: string | null;
  now: Instant;
}

const OLDEST_MS = 30 * 86_400_000;
const MOST_ATTACHMENTS = 100;
const LONGEST_KEY = 500;

/** What a mail brings: what became of messages of ours if it is a report, else what somebody wrote. */
export function mailNews(mail: Mail, { organisationId, now }: Arrival): WebhookNews {
  const receipts = receiptsOfReport(mail, now);
  const isFromNobody = receipts === null && mail.from === '';
  const isUnused = receipts?.length === 0 || isFromNobody;
  const messages = receipts === null && !isFromNobody ? [messageOf(mail, organisationId, now)] : [];
  return { receipts: receipts ?? [], messages, blocks: [], ignored: isUnused ? 1 : 0 };
}

function messageOf(mail: Mail, organisationId: string | null, now: Instant): ReceivedMessage {
  const { headers, from, fromName, to, subject, text } = mail;
  const name = headers['message-id'] ?? '';
  return {
    eventKey: name === '' || name.length > LONGEST_KEY ? mail.digest : name,
    organisationId,
    medium: 'email',
    from,
    fromName,
    to: [...new Set(to)],
    subject,
    text,
    headers,
    attachments: mail.attachments
      .slice(0, MOST_ATTACHMENTS)
      .map(({ filename, contentType, bytes }) => ({ filename, contentType, bytes })),
    effectiveAt: writtenAt(headers['date'], now),
  };
}

/** As its writer says, unless that cannot be. */
function writtenAt(date: string | undefined, now: Instant): Instant {
  const at = Date.parse(date?.replace(/\([^)]*\)/g, '') ?? '');
  return at <= now && at > now - OLDEST_MS ? at : now;
}
