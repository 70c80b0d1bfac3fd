import { createHash } from 'node:crypto';
import { htmlToText } from 'html-to-text';
import addressparser from 'nodemailer/lib/addressparser';
import { mailNews, type Mail, parseMime } from '#channels/mail/index.js';
import { headersOf } from '#channels/mail/mail.js';
import type { WebhookReader, WebhookReading, WebhookRequest } from '#channels/receipt.js';
import { isSameSecret } from '#channels/same-secret.js';
import { idIn, readingOf } from '#channels/webhook-values.js';
import type { Instant } from '#domain/instant.js';
import { type Form, type FormFile, readForm } from './inbound-form.js';
import { refusalOfSendgrid, sendgridKey } from './sendgrid-signature.js';

/** One of the two at least; both are asked for where both are given. */
export interface SendgridInboundConfig {
  /** Public key of the security policy that signs what Inbound Parse sends; base64 of its DER. */
  verificationKey?: string;
  /** What the address that SendGrid calls holds as its parameter `secret`, where the account does not sign. */
  secret?: string;
}

/** SendGrid takes mail of 30 MB; a form is a little more. */
const LARGEST = 32_000_000;
/** SendGrid tries for three days to hand over a letter; what comes twice changes nothing. */
const OLDEST_MS = 75 * 3_600_000;
const LONGEST_HTML = 1_000_000;

/**
 * Mail that came in, as SendGrid's Inbound Parse hands it over: raw ("POST the raw, full MIME message") or taken apart.
 * Signed by a security policy with the headers and the rule of the event webhook:
 * https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/securing-your-parse-webhooks
 *
 * @throws Error when the key is none, or neither key nor secret is given
 */
export function createSendgridInbound({ verificationKey, secret }: SendgridInboundConfig): WebhookReader {
  if (!verificationKey && !secret)
    throw new Error(
      'sendgrid: incoming mail needs a verificationKey or a secret; without one anybody could write it',
    );
  const key = verificationKey ? sendgridKey('the verificationKey of incoming mail', verificationKey) : null;
  const isUninvited = (url: string): boolean => secret !== undefined && !isSameSecret(secretIn(url), secret);
  return {
    provider: 'sendgrid-inbound',
    receiptsOf: 'smtp',
    bodyLimit: LARGEST,
    refusesUnread: ({ url }) => isUninvited(url),
    read: async (request, now) => {
      if (isUninvited(request.url)) return { kind: 'refused', reason: 'signature' };
      const reason = key && refusalOfSendgrid(request, key, { now, oldestMs: OLDEST_MS });
      return reason ? { kind: 'refused', reason } : readMail(request, now);
    },
  };
}

const secretIn = (url: string): string | null =>
  URL.canParse(url) ? new URL(url).searchParams.get('secret') : null;

async function readMail({ url, headers, body }: WebhookRequest, now: Instant): Promise<WebhookReading> {
  const form = await readForm(headers['content-type'] ?? '', body);
  const raw = form?.fields.get('email');
  const mail = form && (raw ? await parseMime(raw) : mailOf(form, body));
  if (!mail) return { kind: 'refused', reason: 'unreadable' };
  mail.to.push(...envelopeOf(form));
  return readingOf(mailNews(mail, { organisationId: idIn(url, 'organisation'), now }));
}

/** @returns null when it has no headers: then it is no mail */
function mailOf(form: Form, body: Buffer): Mail | null {
  const text = fieldReader(form);
  const headers = headersOf(text('headers'));
  if (Object.keys(headers).length === 0) return null;
  const [from] = addressparser(text('from'), { flatten: true });
  return {
    headers,
    from: from?.address ?? '',
    fromName: from?.name || null,
    to: [text('to'), text('cc')].flatMap((list) =>
      addressparser(list, { flatten: true }).map(({ address }) => address),
    ),
    subject: text('subject') || null,
    text: text('text') || textOfHtml(text('html')),
    attachments: form.files.map(partOf),
    digest: createHash('sha256')
      .update(headers['message-id'] ?? '')
      .update(headers['message-id'] ? '' : body)
      .digest('hex'),
  };
}

const textOfHtml = (html: string): string =>
  html === '' ? '' : htmlToText(html.slice(0, LONGEST_HTML), { wordwrap: false });

const partOf = (
  { filename, contentType, bytes, head }: FormFile,
  index: number,
): Mail['attachments'][number] => ({
  filename: filename || `attachment-${String(index + 1)}`,
  contentType,
  bytes,
  content: head?.toString('utf8') ?? null,
});

/** Each field is in the character set that `charsets` says, UTF-8 where it says none that is known. */
function fieldReader({ fields }: Form): (name: string) => string {
  const charsets = jsonOf(fields.get('charsets'));
  return (name) => {
    const charset = charsets[name];
    return decoderOf(typeof charset === 'string' ? charset : 'utf-8').decode(
      fields.get(name) ?? Buffer.alloc(0),
    );
  };
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** Whom the letter was really for: a blind copy is named nowhere else. */
function envelopeOf({ fields }: Form): string[] {
  const { to } = jsonOf(fields.get('envelope'));
  return Array.isArray(to) ? to.filter((each) => typeof each === 'string') : [];
}

function jsonOf(field: Buffer | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(field?.toString('utf8') ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
