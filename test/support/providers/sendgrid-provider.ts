import type { IncomingMessage } from 'node:http';
import { HttpProvider, type HttpAnswer, type HttpDialect } from './http-provider.js';
import type { WrittenMessage } from './provider.js';
import { sendgridLogs } from './sendgrid-logs.js';

interface Party {
  email: string;
  name?: string;
}

/** The part of v3 mail/send that Kindly uses: https://www.twilio.com/docs/sendgrid/api-reference/mail-send */
interface MailSend {
  personalizations: { to: Party[]; cc?: Party[] }[];
  from: Party;
  subject: string;
  content: { type: string; value: string }[];
  headers?: Record<string, string>;
  custom_args?: Record<string, string>;
  attachments?: { filename: string; type: string; content: string }[];
}

export const SENDGRID_KEY = 'SG.test-key';

const errors = (status: number, field: string | null, message: string): HttpAnswer => ({
  status,
  body: JSON.stringify({ errors: [{ message, field, help: null }] }),
});

const dialect: HttpDialect = {
  name: 'sendgrid',
  read: (request, body) => refuseCaller(request) ?? route(request, body),
  lookUp: sendgridLogs,
  id: (ordinal) => `sendgrid-message-${String(ordinal)}`,
  accepted: (message) => ({ status: 202, headers: { 'X-Message-Id': message.id }, body: '' }),
  throttled: () => errors(429, null, 'too many requests'),
  rejected: ({ status, code, text }) =>
    errors(status, code === undefined ? null : String(code), text ?? 'Bad Request'),
};

export const startSendgrid = (): Promise<HttpProvider> => HttpProvider.start(dialect);

function refuseCaller(request: IncomingMessage): HttpAnswer | undefined {
  return request.headers.authorization === `Bearer ${SENDGRID_KEY}`
    ? undefined
    : errors(401, null, 'The provided authorization grant is invalid, expired, or revoked');
}

function route(request: IncomingMessage, body: string): WrittenMessage | HttpAnswer {
  if (request.url === '/v3/scopes') return { status: 200, body: '{"scopes":["mail.send"]}' };
  if (request.url !== '/v3/mail/send' || request.method !== 'POST') return errors(404, null, 'not found');
  const mail = JSON.parse(body) as MailSend;
  const to = mail.personalizations[0]?.to[0];
  if (to === undefined) return errors(400, 'personalizations.0.to', 'The to array is required.');
  return toReceived(mail, to);
}

function toReceived(mail: MailSend, to: Party): WrittenMessage {
  const content = (type: string): string | undefined =>
    mail.content.find((part) => part.type === type)?.value;
  return {
    contactId: mail.custom_args?.['contactId'],
    organisationId: mail.custom_args?.['organisationId'],
    from: mail.from.email,
    to: to.email,
    toName: to.name,
    cc: mail.personalizations[0]?.cc?.map(({ email }) => email),
    subject: mail.subject,
    text: content('text/plain') ?? '',
    html: content('text/html'),
    headers: mail.headers ?? {},
    attachments: (mail.attachments ?? []).map((file) => ({
      filename: file.filename,
      contentType: file.type,
      content: Buffer.from(file.content, 'base64'),
    })),
  };
}
