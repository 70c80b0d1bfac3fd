import type { Channel, Message, Outcome } from '#channels/channel.js';

type Rejected = Extract<Outcome, { kind: 'rejected' }>;

const ID = /^[A-Za-z0-9_-]{1,100}$/;
/** Control characters but the tab: a line break among them would let a value write headers of its own (RFC 5322, 2.2). */
const CONTROL = /[^\P{Cc}\t]/u;
/** An addr-spec without quoting, comments or lists, so that one address can never be read as several (RFC 5321, 4.1.2). */
const EMAIL = /^[^\s\p{Cc}<>()[\],;:\\"@]{1,64}@[^\s\p{Cc}<>()[\],;:\\"@]{1,255}$/u;
const HEADER_NAME = /^[A-Za-z0-9-]{1,70}$/;
/** Written by the channels themselves: a second `Bcc` or `From` would send the message elsewhere or as someone else. */
const OWN_HEADERS = new Set(
  (
    'from sender to cc bcc reply-to return-path subject date message-id mime-version content-type ' +
    'content-transfer-encoding received dkim-signature'
  ).split(' '),
);

/** SendGrid takes 30 MB with everything encoded, which adds a third and line ends; few mail servers take more. */
const MAX_ATTACHED_BYTES = 20_000_000;

const refuse = (code: string, addressIsBad = false): Rejected => ({ kind: 'rejected', code, addressIsBad });

/**
 * What no provider may be asked to send. The same for every channel, the outbox included, so that a test organisation
 * meets the same refusals as a live one. Pure; runs before anything is written.
 * @throws Error when the message could only have come from a bug: another channel's medium, an id unfit for a file name.
 */
export function refusalOf(
  message: Message,
  channel: Pick<Channel, 'provider' | 'media'>,
): Rejected | undefined {
  assertOurs(message, channel);
  if (message.to.address.trim() === '' || CONTROL.test(message.to.address))
    return refuse('invalid_address', true);
  if (CONTROL.test(message.from.address)) return refuse('invalid_sender');
  if (message.text.trim() === '') return refuse('empty_text');
  return message.medium === 'email' ? refusalOfEmail(message) : undefined;
}

function assertOurs(message: Message, channel: Pick<Channel, 'provider' | 'media'>): void {
  if (!channel.media.includes(message.medium)) {
    throw new Error(`${channel.provider} cannot send ${message.medium}, only ${channel.media.join(', ')}`);
  }
  for (const field of ['contactId', 'organisationId'] as const) {
    if (!ID.test(message[field])) throw new Error(`message.${field} must match ${ID.source}`);
  }
}

function refusalOfEmail(message: Message): Rejected | undefined {
  if (!EMAIL.test(message.to.address)) return refuse('invalid_address', true);
  const senders = [message.from, ...(message.replyTo ? [message.replyTo] : [])];
  if (senders.some((sender) => !EMAIL.test(sender.address))) return refuse('invalid_sender');
  if (message.cc?.some(({ address }) => !EMAIL.test(address))) return refuse('invalid_cc');
  if (!message.subject?.trim()) return refuse('empty_subject');
  if (headerTexts(message).some((text) => CONTROL.test(text))) return refuse('line_break_in_header');
  const bytes = (message.attachments ?? []).reduce((sum, { content }) => sum + content.length, 0);
  if (bytes > MAX_ATTACHED_BYTES) return refuse('attachments_too_large');
  return refusalOfHeaders(message.headers ?? {});
}

function headerTexts(message: Message): string[] {
  const names = [message.to, message.from, message.replyTo, ...(message.cc ?? [])].map(
    (party) => party?.name ?? '',
  );
  const files = (message.attachments ?? []).flatMap((file) => [file.filename, file.contentType]);
  return [message.subject ?? '', ...names, ...files, ...Object.values(message.headers ?? {})];
}

function refusalOfHeaders(headers: Record<string, string>): Rejected | undefined {
  const names = Object.keys(headers);
  if (names.some((name) => !HEADER_NAME.test(name))) return refuse('invalid_header');
  return names.some((name) => OWN_HEADERS.has(name.toLowerCase())) ? refuse('reserved_header') : undefined;
}
