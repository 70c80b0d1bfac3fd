import type { IncomingMessage } from 'node:http';
import { HttpProvider, type HttpAnswer, type HttpDialect } from './http-provider.js';
import type { WrittenMessage } from './provider.js';

export const TELEGRAM_TOKEN = '123456:test-token';

const error = (status: number, description: string, parameters?: object): HttpAnswer => ({
  status,
  body: JSON.stringify({ ok: false, error_code: status, description, parameters }),
});

const dialect: HttpDialect = {
  name: 'telegram',
  read: route,
  id: (ordinal) => String(1_000 + ordinal),
  accepted: (message) => ({
    status: 200,
    body: JSON.stringify({ ok: true, result: { message_id: Number(message.id), chat: { id: message.to } } }),
  }),
  throttled: (retryAfter) =>
    error(429, `Too Many Requests: retry after ${retryAfter ?? 'a while'}`, retryParameter(retryAfter)),
  rejected: ({ status, text }) => error(status, text ?? 'Bad Request: chat not found'),
};

/** Telegram's own field is in seconds; a date can stand in the header alone. */
const retryParameter = (retryAfter = ''): object | undefined =>
  /^\d+$/.test(retryAfter) ? { retry_after: Number(retryAfter) } : undefined;

export const startTelegram = (): Promise<HttpProvider> => HttpProvider.start(dialect);

function route(request: IncomingMessage, body: string): WrittenMessage | HttpAnswer {
  const [, bot, method] = (request.url ?? '').split('/');
  if (bot !== `bot${TELEGRAM_TOKEN}`) return error(401, 'Unauthorized');
  if (method === 'getMe') return { status: 200, body: '{"ok":true,"result":{"username":"kindly_test_bot"}}' };
  if (method !== 'sendMessage') return error(404, 'Not Found');
  const { chat_id: to, text } = JSON.parse(body) as { chat_id: string; text: string };
  return { contactId: undefined, from: bot, to, text, headers: {}, attachments: [] };
}
