import type { PointKind } from '#domain/medium.js';

/**
 * What makes two ways of writing a contact point the same: an e-mail address trimmed and in lower case, a telephone
 * number as + and digits (E.164, with 00 for +), a Telegram chat id as its digits.
 */
export function normalisePoint(kind: PointKind, value: string): string {
  switch (kind) {
    case 'email':
      return value.trim().toLowerCase();
    case 'phone':
      return `+${value.replace(/\D/g, '').replace(/^00/, '')}`;
    case 'telegram':
      return value.trim();
  }
}

/** What is written to: as {@link normalisePoint}, but an e-mail address keeps its case. */
export const deliverable = (kind: PointKind, value: string): string =>
  kind === 'email' ? value.trim() : normalisePoint(kind, value);
