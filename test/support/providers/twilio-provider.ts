import type { IncomingMessage } from 'node:http';
import { HttpProvider, type HttpAnswer, type HttpDialect } from './http-provider.js';
import type { AcceptedMessage, WrittenMessage } from './provider.js';

export const TWILIO_ACCOUNT = `AC${'0'.repeat(32)}`;
export const TWILIO_TOKEN = 'test-token';

const ACCOUNT_PATH = `/2010-04-01/Accounts/${TWILIO_ACCOUNT}`;
const CREDENTIALS = `Basic ${Buffer.from(`${TWILIO_ACCOUNT}:${TWILIO_TOKEN}`).toString('base64')}`;

/** Twilio's error body; its text quotes the number, as the real one does. */
const error = (status: number, code: number, message: string): HttpAnswer => ({
  status,
  body: JSON.stringify({
    code,
    message,
    more_info: `https://www.twilio.com/docs/errors/${String(code)}`,
    status,
  }),
});

const dialect: HttpDialect = {
  name: 'twilio',
  read: (request, body) => refuseCaller(request) ?? route(request, body),
  lookUp: list,
  id: (ordinal) => `SM${ordinal.toString(16).padStart(32, '0')}`,
  accepted: (message) => ({
    status: 201,
    body: JSON.stringify({
      sid: message.id,
      status: 'queued',
      to: message.to,
      body: message.text,
      error_code: null,
    }),
  }),
  throttled: () => error(429, 20429, 'Too Many Requests'),
  rejected: ({ status, code, text }) =>
    error(status, Number(code ?? 21211), text ?? 'The number is not valid.'),
};

export const startTwilio = (): Promise<HttpProvider> => HttpProvider.start(dialect);

function refuseCaller(request: IncomingMessage): HttpAnswer | undefined {
  return request.headers.authorization === CREDENTIALS ? undefined : error(401, 20003, 'Authenticate');
}

/** The newest first, as Twilio lists them. https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources */
function list(request: IncomingMessage, accepted: readonly AcceptedMessage[]): HttpAnswer | undefined {
  const url = new URL(request.url ?? '', 'http://twilio');
  const one = /\/Messages\/(\w+)\.json$/.exec(url.pathname)?.[1];
  if (request.method !== 'GET' || (url.pathname !== `${ACCOUNT_PATH}/Messages.json` && !one))
    return undefined;
  const refusal = refuseCaller(request);
  if (refusal) return refusal;
  if (one) return fetchOne(accepted.find(({ id }) => id === one));
  const messages = accepted
    .filter(({ to }) => to === url.searchParams.get('To'))
    .map(({ id, to, text, receivedAt }) => ({
      sid: id,
      to,
      body: text,
      direction: 'outbound-api',
      date_created: new Date(receivedAt).toUTCString(),
      status: 'queued',
    }))
    .reverse();
  return { status: 200, body: JSON.stringify({ messages, page: 0, page_size: 100, next_page_uri: null }) };
}

/** As far as it ever got: a message to the number of Twilio's own that nobody has did not arrive. */
const fetchOne = (message: AcceptedMessage | undefined): HttpAnswer => {
  if (!message) return error(404, 20404, 'not found');
  const isUndelivered = message.to.endsWith('0009');
  const [status, error_code] = isUndelivered ? ['undelivered', 30005] : ['delivered', null];
  return { status: 200, body: JSON.stringify({ sid: message.id, to: message.to, status, error_code }) };
};

function route(request: IncomingMessage, body: string): WrittenMessage | HttpAnswer {
  if (request.url === `${ACCOUNT_PATH}.json`) return { status: 200, body: '{"status":"active"}' };
  if (request.url !== `${ACCOUNT_PATH}/Messages.json`) return error(404, 20404, 'not found');
  const form = new URLSearchParams(body);
  const callback = form.get('StatusCallback');
  return {
    contactId: callback === null ? undefined : (new URL(callback).searchParams.get('contact') ?? undefined),
    callbackUrl: callback ?? undefined,
    from: form.get('From') ?? form.get('MessagingServiceSid') ?? '',
    to: form.get('To') ?? '',
    text: form.get('Body') ?? '',
    headers: {},
    attachments: [],
  };
}
