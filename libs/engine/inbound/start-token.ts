import type { MessageMedium } from '#domain/medium.js';

const START = /^\/start(?:@\w+)?\s+([\w-]{1,64})\s*$/;

/** What a chat was opened by: Telegram sends the parameter of the link as the text of a first message. */
export const startTokenOf = ({ medium, text }: { medium: MessageMedium; text: string }): string | null =>
  medium === 'telegram' ? (START.exec(text)?.[1] ?? null) : null;
