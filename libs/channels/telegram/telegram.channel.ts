import type { Channel, Message, Outcome } from '#channels/channel.js';
import { callHttp, type HttpRequest } from '#channels/http/http-call.js';
import { baseUrlOf, checkHttp, limitsOf, type HttpTimeouts } from '#channels/http/http-channel.js';
import {
  at,
  jsonOf,
  outcomeOfHttp,
  notReachedByStatus,
  type Answered,
  type HttpRules,
} from '#channels/http/http-outcome.js';
import { refusalOf } from '#channels/message-check.js';

export interface TelegramConfig extends HttpTimeouts {
  /** The bot's token from @BotFather, `123456:ABC…`. It is part of every URL: log none of them. */
  botToken: string;
  /** Origin of the Bot API: `https://api.telegram.org` unless told; a Bot API server of one's own, or of the tests. */
  baseUrl?: string;
  /** The wait after a 429 that names none; one minute unless told. */
  throttleWaitMs?: number;
}

/** Characters of a message after entities are parsed (Bot API, sendMessage). */
const LONGEST_TEXT = 4_096;
const REMEDY = 'give TELEGRAM_BOT_TOKEN the token that @BotFather shows for the bot';

/**
 * What the Bot API says only in words, reduced to codes of our own. Each of these concerns the chat alone: nothing
 * will reach this person here until they write to the bot again.
 */
export const BAD_CHATS: readonly [RegExp, string][] = [
  [/blocked by the user/i, 'bot_blocked'],
  [/user is deactivated/i, 'user_deactivated'],
  [/can't initiate conversation/i, 'never_started'],
  [/chat not found|user not found|PEER_ID_INVALID/i, 'chat_not_found'],
  [/kicked from|not a member/i, 'bot_removed'],
  [/upgraded to a supergroup/i, 'chat_migrated'],
];

/** Plain-text messages of a Telegram bot. `to.address` is a chat id; `from` plays no part, the bot is the sender. */
export function createTelegramChannel(config: TelegramConfig): Channel {
  const baseUrl = baseUrlOf('telegram', config.baseUrl, 'https://api.telegram.org');
  const method = (name: string): string => `${baseUrl}/bot${config.botToken}/${name}`;
  const channel = { provider: 'telegram', media: ['telegram'], external: true } as const;
  return {
    ...channel,
    send: async (message, timeoutMs) =>
      refusalOf(message, channel) ??
      tooLong(message) ??
      outcomeOfHttp(
        await callHttp(sendMessage(method('sendMessage'), message), limitsOf(config, timeoutMs)),
        rulesOf(config),
      ),
    check: () => checkHttp({ method: 'GET', url: method('getMe'), headers: {} }, config, REMEDY, nameOfBot),
    close: () => Promise.resolve(),
  };
}

const tooLong = (message: Message): Outcome | undefined =>
  message.text.length > LONGEST_TEXT
    ? { kind: 'rejected', code: 'text_too_long', addressIsBad: false }
    : undefined;

function sendMessage(url: string, message: Message): HttpRequest {
  const body = {
    chat_id: message.to.address,
    text: message.text,
    link_preview_options: { is_disabled: true },
  };
  return { method: 'POST', url, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function rulesOf(config: TelegramConfig): HttpRules {
  return {
    // Unique within its chat only, as Telegram counts.
    providerId: (answer) => {
      const id = at(jsonOf(answer), 'result', 'message_id');
      return typeof id === 'number' ? String(id) : undefined;
    },
    refusal,
    ownRetryAfterMs: (answer) => {
      const seconds = at(jsonOf(answer), 'parameters', 'retry_after');
      return typeof seconds === 'number' ? seconds * 1_000 : undefined;
    },
    defaultRetryAfterMs: config.throttleWaitMs ?? 60_000,
  };
}

function refusal(answer: Answered): Outcome {
  const description = at(jsonOf(answer), 'description');
  const code = BAD_CHATS.find(([words]) => typeof description === 'string' && words.test(description))?.[1];
  // 401 is a token that was revoked, 404 one that never was: the token is part of the path.
  if (answer.status === 401 || answer.status === 404) return notReachedByStatus(answer);
  const aboutChat = (answer.status === 400 || answer.status === 403) && code !== undefined;
  if (aboutChat) return { kind: 'rejected', code, addressIsBad: true };
  // Telegram forbids chats, never the bot as a whole.
  return { kind: 'rejected', code: `http_${String(answer.status)}`, addressIsBad: false };
}

function nameOfBot(body: string): Awaited<ReturnType<Channel['check']>> {
  const name = /"username"\s*:\s*"(\w+)"/.exec(body)?.[1] ?? 'the bot';
  return { ok: true, detail: `Telegram knows the token as ${name}` };
}
