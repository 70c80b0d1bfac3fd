import { formatInstant } from '#domain/instant.js';

/** A timestamptz as the API writes it: `2013-01-29T15:00:00Z`. */
export const instantText = (at: Date): string => formatInstant(at.getTime());

export const instantTextOrNull = (at: Date | null): string | null => (at === null ? null : instantText(at));
