const SECOND = 1000;
const HOUR = 3600 * SECOND;
const FIRST_MS = 5 * SECOND;
const FACTOR = 3;
const LONGEST_MS = 12 * HOUR;

/** With the delays below the last try comes after three days. */
export const MAX_TRIES = 15;

/**
 * How long to wait after a try that failed: 5 s, 15 s, 45 s, 2 min, 7 min, 20 min, 1 h, 3 h, 9 h, then every 12 h.
 * @param tries so far, from 1
 */
export const retryDelayMs = (tries: number): number => Math.min(FIRST_MS * FACTOR ** (tries - 1), LONGEST_MS);
