import { isUuid } from '#domain/uuid.js';
import type { ReceivedMessage, WebhookNews, WebhookReading } from './receipt.js';

/** A machine's word or number; free text of providers quotes addresses and is never kept. */
export const wordOf = (value: unknown): string | undefined => {
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' && /^[A-Za-z0-9_.]{1,60}$/.test(word) ? word : undefined;
};

/** A request that was believed, and what it brought. */
export const readingOf = (news: Partial<WebhookNews>): WebhookReading => ({
  kind: 'read',
  receipts: [],
  blocks: [],
  ignored: 0,
  ...news,
  messages: (news.messages ?? []).map(storable),
});

/** A message as a database keeps it: PostgreSQL has no NUL in a text, and no half of a surrogate pair. */
export const storable = (message: ReceivedMessage): ReceivedMessage =>
  JSON.parse(JSON.stringify(message), (_key, value: unknown) =>
    typeof value === 'string' ? Buffer.from(value.replaceAll('\0', '')).toString() : value,
  ) as ReceivedMessage;

/** The id that a parameter of the called address holds; null where it holds none. */
export const idIn = (url: string, parameter: string): string | null => {
  const value = URL.canParse(url) ? new URL(url).searchParams.get(parameter) : null;
  return isUuid(value) ? value : null;
};
