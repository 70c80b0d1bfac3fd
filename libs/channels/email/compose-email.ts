import { domainToASCII } from 'node:url';
import MailComposer, { type Options } from 'nodemailer/lib/mail-composer';
import type { Message } from '#channels/channel.js';

/**
 * The Message-ID of a contact, `<contactId.organisationId@domain of the sender>`: known before the message is sent, so
 * that a bounce or an answer that quotes it finds the contact even when no server ever confirmed it (RFC 5322, 3.6.4).
 */
export function messageIdOf(message: Pick<Message, 'contactId' | 'organisationId' | 'from'>): string {
  const domain = message.from.address.slice(message.from.address.lastIndexOf('@') + 1);
  return `<${message.contactId}.${message.organisationId}@${domainToASCII(domain) || 'kindly.invalid'}>`;
}

/** The e-mail as RFC 5322 bytes with CRLF lines. Files and URLs are never read on a message's behalf. */
export function composeEmail(message: Message): Promise<Buffer> {
  const { from, to, cc, date, replyTo, subject, text, html, headers, attachments } = message;
  const options: Options = {
    from: toParty(from),
    to: toParty(to),
    cc: cc?.map(toParty),
    date: date === undefined ? undefined : new Date(date),
    replyTo: replyTo && toParty(replyTo),
    subject,
    text: withCrlf(text),
    html: html === undefined ? undefined : withCrlf(html),
    headers,
    attachments,
    messageId: messageIdOf(message),
    baseBoundary: message.contactId,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return new MailComposer(options).compile().build();
}

const toParty = ({ address, name }: Message['to']): { address: string; name: string } => ({
  address,
  name: name ?? '',
});

/** RFC 5322, 2.3: lines end in CRLF and nothing else. The composer ends its own so, and leaves ours as they are. */
const withCrlf = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');
