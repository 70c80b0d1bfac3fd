import { MailService, type MailDataRequired } from '@sendgrid/mail';
import type { Channel, Message, Outcome } from '#channels/channel.js';
import { messageIdOf } from '#channels/email/compose-email.js';
import type { HttpLimits } from '#channels/http/http-call.js';
import { baseUrlOf, checkHttp, limitsOf, type HttpTimeouts } from '#channels/http/http-channel.js';
import {
  at,
  jsonOf,
  outcomeOfHttp,
  refusedByStatus,
  type Answered,
  type HttpRules,
} from '#channels/http/http-outcome.js';
import { refusalOf } from '#channels/message-check.js';
import { SendgridClient } from '#channels/sendgrid/sendgrid-client.js';
import { lookUpSendgrid, pollSendgrid, type SendgridLogs } from './sendgrid-logs.js';

export interface SendgridConfig extends HttpTimeouts {
  apiKey: string;
  /** Origin of the API: `https://api.sendgrid.com` unless told, `https://api.eu.sendgrid.com` for EU residency. */
  baseUrl?: string;
  /**
   * Let SendGrid rewrite links and add an open pixel. Off unless told: a payment link that leads to another domain
   * looks like phishing, and whether a reminder works is measured by money, not by clicks.
   */
  tracking?: boolean;
  /** The wait after a 429 that names none; one minute unless told. */
  throttleWaitMs?: number;
}

const ACCEPTED = 202;
const REMEDY = 'give SENDGRID_API_KEY a key with the "Mail Send" permission of this account';

/** E-mail through SendGrid's v3 API. Holds a client and key of its own, so creditors may each have an account. */
export function createSendgridChannel(config: SendgridConfig): Channel {
  const baseUrl = baseUrlOf('sendgrid', config.baseUrl, 'https://api.sendgrid.com');
  const channel = { provider: 'sendgrid', media: ['email'], external: true } as const;
  const logsWithin = (timeoutMs: number): SendgridLogs => {
    const endsAt = performance.now() + timeoutMs;
    const limits = (): HttpLimits => limitsOf(config, Math.max(0, endsAt - performance.now()));
    return { baseUrl, apiKey: config.apiKey, limits };
  };
  return {
    ...channel,
    send: async (message, timeoutMs) =>
      refusalOf(message, channel) ??
      (await post(new SendgridClient(config.apiKey, baseUrl, limitsOf(config, timeoutMs)), message, config)),
    lookUp: (sent, timeoutMs) => lookUpSendgrid(logsWithin(timeoutMs), sent),
    poll: (sent, timeoutMs) => pollSendgrid(logsWithin(timeoutMs), sent),
    check: () =>
      checkHttp(
        { method: 'GET', url: `${baseUrl}/v3/scopes`, headers: { Authorization: `Bearer ${config.apiKey}` } },
        config,
        REMEDY,
        mayItSend,
      ),
    close: () => Promise.resolve(),
  };
}

async function post(client: SendgridClient, message: Message, config: SendgridConfig): Promise<Outcome> {
  const mail = new MailService();
  mail.setClient(client);
  await mail.send(toMail(message, config.tracking ?? false));
  if (client.answer === undefined) throw new Error('SendGrid’s library returned without calling its client');
  return outcomeOfHttp(client.answer, rulesFor(message, config));
}

function toMail(message: Message, tracking: boolean): MailDataRequired {
  return {
    to: toEmail(message.to),
    cc: message.cc?.map(toEmail),
    from: toEmail(message.from),
    replyTo: message.replyTo && toEmail(message.replyTo),
    subject: message.subject,
    text: message.text,
    html: message.html,
    // Not among the headers that SendGrid keeps for itself: bounces and answers quote it, and threads hang on it.
    headers: { ...message.headers, 'Message-ID': messageIdOf(message) },
    customArgs: { contactId: message.contactId, organisationId: message.organisationId },
    attachments: message.attachments?.map((file) => ({
      content: file.content.toString('base64'),
      filename: file.filename,
      type: file.contentType,
      disposition: 'attachment',
    })),
    trackingSettings: {
      clickTracking: { enable: tracking, enableText: tracking },
      openTracking: { enable: tracking },
    },
  };
}

const toEmail = ({ address, name }: Message['to']): { email: string; name?: string } => ({
  email: address,
  name,
});

function rulesFor(message: Message, config: SendgridConfig): HttpRules {
  return {
    // The receipt finds its contact by custom_args, so a 202 without a name is still an acceptance. Any other 2xx is none:
    // 200 says that the message is valid and was not queued, as in sandbox mode.
    providerId: (answer) =>
      answer.status === ACCEPTED ? (textOf(answer.headers['x-message-id']) ?? message.contactId) : undefined,
    refusal,
    ownRetryAfterMs: (answer) =>
      answer.headers['retry-after'] === undefined ? untilReset(answer) : undefined,
    defaultRetryAfterMs: config.throttleWaitMs ?? 60_000,
  };
}

const textOf = (header: string | string[] | undefined): string | undefined => [header].flat()[0] || undefined;

/** SendGrid gives no codes of errors, only the field at fault: the recipient's, or anything else of the request. */
function refusal(answer: Answered): Outcome {
  const errors = at(jsonOf(answer), 'errors');
  const fields = Array.isArray(errors) ? errors.map((error: unknown) => at(error, 'field')) : [];
  const addressIsBad = fields.some(
    (field) => typeof field === 'string' && /^personalizations\.0\.to(\.|$)/.test(field),
  );
  return answer.status === 400 && addressIsBad
    ? { kind: 'rejected', code: 'invalid_to', addressIsBad }
    : refusedByStatus(answer);
}

/** X-RateLimit-Reset is the second of the Unix epoch at which the limit is lifted. */
function untilReset(answer: Answered): number | undefined {
  const reset = Number(textOf(answer.headers['x-ratelimit-reset']));
  return Number.isFinite(reset) && reset > 0 ? Math.max(0, reset * 1_000 - Date.now()) : undefined;
}

function mayItSend(body: string): Awaited<ReturnType<Channel['check']>> {
  return /"mail\.send"/.test(body)
    ? { ok: true, detail: 'SendGrid accepts the key, and the key may send mail' }
    : { ok: false, detail: 'SendGrid accepts the key, but the key may not send mail', remedy: REMEDY };
}
