const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Waits before each look at what became of a message that may have gone out, in milliseconds: a receipt comes within
 * minutes or, from a provider that was down, within a day.
 */
export const LOOKS_MS: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, 18 * HOUR];

/**
 * How long after a message was accepted its provider is asked what became of it, where no receipt said so, in milliseconds. Most
 * receipts come within minutes; a provider tries to deliver for up to three days.
 */
export const POLLS_MS: readonly number[] = [MINUTE * 30, 2 * HOUR, 8 * HOUR, 24 * HOUR, 73 * HOUR];
