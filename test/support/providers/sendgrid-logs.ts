import type { IncomingMessage } from 'node:http';
import type { HttpAnswer } from './http-provider.js';
import type { AcceptedMessage } from './provider.js';

const nameOf = ({ id }: AcceptedMessage): string => `${id}.recvd-5f5b-1-5F-0.0`;

/** A mailbox that does not exist, one that is full, and any other. */
function stateOf({ to }: AcceptedMessage): { status: string; reason?: string } {
  if (to.startsWith('unknown')) return { status: 'bounced', reason: `550 5.1.1 <${to}> unknown` };
  return to.startsWith('full')
    ? { status: 'deferred', reason: '452 4.2.2 mailbox full' }
    : { status: 'delivered' };
}

/** https://www.twilio.com/docs/sendgrid/api-reference/email-logs */
export function sendgridLogs(
  request: IncomingMessage,
  accepted: readonly AcceptedMessage[],
  body: string,
): HttpAnswer | undefined {
  const one = /^\/v3\/logs\/([^/]+)$/.exec(request.url ?? '')?.[1];
  if (!request.url?.startsWith('/v3/logs')) return undefined;
  if (request.headers.authorization !== 'Bearer SG.test-key') return { status: 403, body: '{"errors":[]}' };
  if (one !== undefined)
    return single(accepted.find((message) => nameOf(message) === decodeURIComponent(one)));
  const { query } = JSON.parse(body) as { query: string };
  const [, to, since = ''] =
    /^to_email = "([^"]+)" AND sg_message_id_created_at >= TIMESTAMP "([^"]+)"$/.exec(query) ?? [];
  const now = Date.now();
  const messages = accepted
    .filter((message) => message.to === to && now >= Date.parse(since))
    .map((message) => ({ sg_message_id: nameOf(message), to_email: to, ...stateOf(message) }));
  return { status: 200, body: JSON.stringify({ messages }) };
}

const single = (message: AcceptedMessage | undefined): HttpAnswer =>
  message
    ? {
        status: 200,
        body: JSON.stringify({
          sg_message_id: nameOf(message),
          custom_args: { contactId: message.contactId },
        }),
      }
    : { status: 404, body: '{"errors":[]}' };
