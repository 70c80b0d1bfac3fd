import type { PointKind } from '#domain/medium.js';
import { e164 } from '#domain/phone-number.js';

/**
 * What makes two ways of writing a contact point the same: an e-mail address trimmed and in lower case, a telephone
 * number as E.164, a Telegram chat id as its digits. What is no telephone number (the short number of a sender, a name in
 * place of one) is + and its digits, which is nobody's.
 *
 * @param country ISO 3166-1 code of where a number without a country code belongs
 */
export function normalisePoint(kind: PointKind, value: string, country?: string | null): string {
  switch (kind) {
    case 'email':
      return value.trim().toLowerCase();
    case 'phone':
      return e164(value, country) ?? `+${value.replace(/\D/g, '')}`;
    case 'telegram':
      return value.trim();
  }
}

/** What is written to: as {@link normalisePoint}, but an e-mail address keeps its case. */
export const deliverable = (kind: PointKind, value: string, country?: string | null): string =>
  kind === 'email' ? value.trim() : normalisePoint(kind, value, country);
