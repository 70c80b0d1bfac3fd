import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import twilio from 'twilio';
import type { WebhookRequest } from '#channels/receipt.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** As SendGrid shows it. */
export const SENDGRID_WEBHOOK_KEY = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

/** A call of SendGrid's event webhook, signed. @param now when it is made, in milliseconds */
export function sendgridWebhook(
  body: unknown,
  now: number,
  url = 'https://kindly.example/webhooks/sendgrid',
  contentType = 'application/json',
): WebhookRequest {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const timestamp = String(Math.floor(now / 1_000));
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), bytes]), privateKey);
  return {
    url,
    headers: {
      'content-type': contentType,
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': signature.toString('base64'),
    },
    body: bytes,
  };
}

/** A call of one of Twilio's webhooks, signed with an account's token. */
export function twilioWebhook(url: string, fields: Record<string, string>, token: string): WebhookRequest {
  return {
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(token, url, fields),
    },
    body: Buffer.from(new URLSearchParams(fields).toString()),
  };
}

/** The same with a body of JSON, whose hash is in the address. */
export function twilioJsonWebhook(url: string, body: string, token: string): WebhookRequest {
  const whole = new URL(url);
  whole.searchParams.set('bodySHA256', createHash('sha256').update(body).digest('hex'));
  return {
    url: whole.href,
    headers: {
      'content-type': 'application/json',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(token, whole.href, {}),
    },
    body: Buffer.from(body),
  };
}

/** An update of a Telegram bot, as `setWebhook` was told to send it. */
export function telegramWebhook(update: unknown, secretToken: string, query = ''): WebhookRequest {
  return {
    url: `https://kindly.example/webhooks/telegram${query}`,
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretToken },
    body: Buffer.isBuffer(update) ? update : Buffer.from(JSON.stringify(update)),
  };
}

export interface FormPart {
  name: string;
  value: string | Buffer;
  filename?: string;
  type?: string;
}

const BOUNDARY = 'xYzZY';

/** A form as SendGrid's Inbound Parse writes it. */
export const formOf = (parts: readonly FormPart[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name, value, filename, type }) => [
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`),
      Buffer.from(filename === undefined ? '' : `; filename="${filename}"`),
      Buffer.from(type === undefined ? '\r\n\r\n' : `\r\nContent-Type: ${type}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);

/** A call of SendGrid's Inbound Parse, signed by its security policy. */
export const sendgridInbound = (
  parts: readonly FormPart[] | Buffer,
  now: number,
  query = '',
): WebhookRequest =>
  sendgridWebhook(
    Buffer.isBuffer(parts) ? parts : formOf(parts),
    now,
    `https://kindly.example/webhooks/sendgrid-inbound${query}`,
    `multipart/form-data; boundary=${BOUNDARY}`,
  );
