import { at } from '#channels/http/http-outcome.js';
import type { Block, ReceivedMessage, WebhookReader, WebhookReading } from '#channels/receipt.js';
import { isSameSecret } from '#channels/same-secret.js';
import { idIn, readingOf } from '#channels/webhook-values.js';
import { attachmentsOf } from './telegram-attachments.js';
import { idAt, textAt } from './telegram-values.js';

export interface TelegramWebhookConfig {
  /** As `setWebhook` was given it: Telegram sends it along with every update. */
  secretToken: string;
}

/** What becomes of a person's chat with the bot (Bot API, ChatMember). */
const BLOCKED: Readonly<Record<string, boolean>> = { kicked: true, member: false };

/**
 * The updates of a Telegram bot: what people write to it in private, and whether they blocked it. Groups and channels are
 * none of its business: nothing about a debt is said in front of others.
 * https://core.telegram.org/bots/api#setwebhook
 */
export const createTelegramWebhook = ({ secretToken }: TelegramWebhookConfig): WebhookReader => ({
  provider: 'telegram',
  read: ({ url, headers, body }) =>
    isSameSecret(headers['x-telegram-bot-api-secret-token'], secretToken)
      ? readUpdate(body, idIn(url, 'organisation'))
      : { kind: 'refused', reason: 'signature' },
});

function readUpdate(body: Buffer, organisationId: string | null): WebhookReading {
  let update: unknown;
  try {
    update = JSON.parse(body.toString('utf8'));
  } catch {
    return { kind: 'refused', reason: 'unreadable' };
  }
  const eventKey = idAt(update, 'update_id');
  if (eventKey === undefined) return { kind: 'refused', reason: 'unreadable' };
  const message = messageOf(at(update, 'message'), { eventKey, organisationId });
  if (message) return readingOf({ messages: [message] });
  const block = blockOf(at(update, 'my_chat_member'), { eventKey, organisationId });
  return block ? readingOf({ blocks: [block] }) : readingOf({ ignored: 1 });
}

type Origin = Pick<ReceivedMessage, 'eventKey' | 'organisationId'>;

function messageOf(told: unknown, origin: Origin): ReceivedMessage | null {
  const chat = privateChatOf(told);
  const text = textAt(told, 'text') ?? textAt(told, 'caption') ?? '';
  const attachments = attachmentsOf(told);
  const isEmpty = text === '' && attachments.length === 0;
  if (!chat || isEmpty || at(told, 'from', 'is_bot') === true) return null;
  return {
    ...origin,
    medium: 'telegram',
    from: chat.id,
    fromName: nameOf(told),
    to: [],
    subject: null,
    text,
    headers: {},
    attachments,
    effectiveAt: chat.effectiveAt,
  };
}

function blockOf(told: unknown, origin: Origin): Block | null {
  const chat = privateChatOf(told);
  const status = textAt(told, 'new_chat_member', 'status') ?? '';
  const isBlocked = Object.hasOwn(BLOCKED, status) ? BLOCKED[status] : undefined;
  if (!chat || isBlocked === undefined) return null;
  return { ...origin, medium: 'telegram', address: chat.id, isBlocked, effectiveAt: chat.effectiveAt };
}

/** @returns undefined for a group, a channel, and what is no chat */
function privateChatOf(told: unknown): { id: string; effectiveAt: number } | undefined {
  const [id, seconds] = [idAt(told, 'chat', 'id'), Number(idAt(told, 'date'))];
  const isOne = at(told, 'chat', 'type') === 'private' && seconds > 0 && seconds < 8.64e12;
  return isOne && id !== undefined ? { id, effectiveAt: seconds * 1_000 } : undefined;
}

const nameOf = (told: unknown): string | null =>
  [textAt(told, 'from', 'first_name'), textAt(told, 'from', 'last_name')].filter(Boolean).join(' ') || null;
