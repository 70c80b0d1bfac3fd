import { isUuid } from '#domain/uuid.js';
import type { WebhookNews, WebhookReading } from './receipt.js';

/** A machine's word or number; free text of providers quotes addresses and is never kept. */
export const wordOf = (value: unknown): string | undefined => {
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' && /^[A-Za-z0-9_.]{1,60}$/.test(word) ? word : undefined;
};

/** A request that was believed, and what it brought. */
export const readingOf = (news: Partial<WebhookNews>): WebhookReading => ({
  kind: 'read',
  receipts: [],
  messages: [],
  blocks: [],
  ignored: 0,
  ...news,
});

/** The id that a parameter of the called address holds; null where it holds none. */
export const idIn = (url: string, parameter: string): string | null => {
  const value = URL.canParse(url) ? new URL(url).searchParams.get(parameter) : null;
  return isUuid(value) ? value : null;
};
