const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Waits before each look at what became of a message that may have gone out, in milliseconds: a receipt comes within
 * minutes or, from a provider that was down, within a day.
 */
export const LOOKS_MS: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, 18 * HOUR];
