import type { LookUp, Poll, SentMessage } from '#channels/channel.js';
import { callHttp, type HttpLimits } from '#channels/http/http-call.js';
import { at, jsonOf } from '#channels/http/http-outcome.js';
import type { ReceiptKind } from '#domain/delivery.js';
import { formatInstant } from '#domain/instant.js';
import { faultOf, messageNameOf } from './sendgrid-webhook.js';

/** An account's logs. */
export interface SendgridLogs {
  baseUrl: string;
  apiKey: string;
  /** Of the next of several calls: what is left of the budget of all. */
  limits: () => HttpLimits;
}

/** Of one recipient; more than anybody was sent since the message in question. */
const LISTED = 50;
/** Each is a call of its own, and SendGrid counts them. */
const LOOKED_AT = 5;
/** Clocks of ours and SendGrid's may differ. */
const TOLERANCE_MS = 60_000;

/** The status of a message in the logs, which sums up its events. */
const KINDS: Readonly<Record<string, ReceiptKind>> = {
  processed: 'accepted',
  delivered: 'delivered',
  deferred: 'deferred',
  dropped: 'failed',
  bounced: 'bounced',
  blocked: 'bounced',
};

const UNREADABLE = { kind: 'unclear', code: 'unreadable_answer' } as const;

type Answer = { kind: 'answered'; value: unknown } | { kind: 'unclear'; code: string };

/**
 * Looks for a message in the Email Logs API, which every account has for 30 days: those to its recipient since it was sent, until
 * one carries the contact. A key without the permission is answered 403.
 * https://www.twilio.com/docs/sendgrid/api-reference/email-logs
 */
export async function lookUpSendgrid(logs: SendgridLogs, sent: SentMessage): Promise<LookUp> {
  const listed = await messagesTo(logs, sent);
  if (!Array.isArray(listed)) return listed;
  for (const message of listed.slice(0, LOOKED_AT)) {
    const id = at(message, 'sg_message_id');
    if (typeof id !== 'string') return UNREADABLE;
    const answer = await ask(logs, 'GET', `/v3/logs/${encodeURIComponent(id)}`);
    if (answer.kind === 'unclear') return answer;
    if (typeof at(answer.value, 'sg_message_id') !== 'string') return UNREADABLE;
    if (at(answer.value, 'custom_args', 'contactId') === sent.contactId)
      return { kind: 'found', providerId: messageNameOf(id) ?? id };
  }
  // Among so many it may be one that was not looked at.
  return listed.length > LOOKED_AT ? { kind: 'unclear', code: 'too_many' } : { kind: 'absent' };
}

/** What has become of a message, as its events would have told. */
export async function pollSendgrid(
  logs: SendgridLogs,
  sent: SentMessage & { providerId: string },
): Promise<Poll> {
  const listed = await messagesTo(logs, sent);
  if (!Array.isArray(listed)) return listed;
  const message = listed.find((each) => {
    const id = at(each, 'sg_message_id');
    return typeof id === 'string' && messageNameOf(id) === sent.providerId;
  });
  const status = at(message, 'status');
  const kind = typeof status === 'string' && Object.hasOwn(KINDS, status) ? KINDS[status] : undefined;
  if (typeof status !== 'string' || !kind) return { kind: 'nothing' };
  const event = { reason: at(message, 'reason'), type: status === 'blocked' ? 'blocked' : 'bounce' };
  return { kind: 'told', status, receipt: { kind, ...faultOf(kind, event) } };
}

async function messagesTo(
  logs: SendgridLogs,
  { to, sentAt }: SentMessage,
): Promise<unknown[] | { kind: 'unclear'; code: string }> {
  // The query language has no way to write a quotation mark.
  if (/["\\]/.test(to)) return { kind: 'unclear', code: 'invalid_address' };
  const since = formatInstant(sentAt - TOLERANCE_MS);
  const query = `to_email = "${to}" AND sg_message_id_created_at >= TIMESTAMP "${since}"`;
  const answer = await ask(logs, 'POST', '/v3/logs', { query, limit: LISTED });
  if (answer.kind === 'unclear') return answer;
  const messages = at(answer.value, 'messages');
  return Array.isArray(messages) ? messages : UNREADABLE;
}

async function ask(
  { baseUrl, apiKey, limits }: SendgridLogs,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answer> {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
  const text = body && JSON.stringify(body);
  const answer = await callHttp({ method, url: baseUrl + path, headers, body: text }, limits());
  if (answer.kind === 'failed') return { kind: 'unclear', code: answer.code };
  if (answer.status !== 200) return { kind: 'unclear', code: `http_${String(answer.status)}` };
  return { kind: 'answered', value: jsonOf(answer) };
}
