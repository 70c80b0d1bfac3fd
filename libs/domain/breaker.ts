import type { Instant } from './instant.js';

/** What is remembered of the calls to one provider account, by all workers together. Instants of real time. */
export interface Breaker {
  /** Calls in a row that failed. */
  failures: number;
  /** When the first of them did; null when none did. */
  since: Instant | null;
  /** Nobody calls before; null while it is closed. */
  openUntil: Instant | null;
  /** How often in a row it opened. */
  opened: number;
  /** While it is half open: how long the one that tries has for it; nobody else calls meanwhile. */
  probeUntil: Instant | null;
}

/** What a call says about its provider; a message that was at fault itself says nothing. */
export type CallSign = 'success' | 'failure';

export type Permission = { kind: 'yes' } | { kind: 'probe' } | { kind: 'no'; until: Instant };

export const CLOSED: Breaker = { failures: 0, since: null, openUntil: null, opened: 0, probeUntil: null };

const SECOND = 1_000;
/** So many failures in a row open it, … */
const THRESHOLD = 5;
/** … when they came within this time: two lost connections a day apart are nothing. */
const WINDOW_MS = 120 * SECOND;
/** How long it stays open, the first time and each time its probe fails. */
const PAUSES_MS: readonly number[] = [30 * SECOND, 60 * SECOND, 120 * SECOND, 300 * SECOND];
/** Longer than a call and the storing of its outcome may take; past it whoever tried is taken for dead. */
const PROBE_MS = 30 * SECOND;

/** Whether a call may begin now; `probe`: one may, to see whether the provider is back, and has to be claimed. */
export function permission({ openUntil, probeUntil }: Breaker, now: Instant): Permission {
  if (openUntil === null) return { kind: 'yes' };
  const until = Math.max(openUntil, probeUntil ?? 0);
  return until > now ? { kind: 'no', until } : { kind: 'probe' };
}

/** With the probe claimed. */
export const probing = (breaker: Breaker, now: Instant): Breaker => ({
  ...breaker,
  probeUntil: now + PROBE_MS,
});

/** After a call. Failures of calls that had begun before it opened change nothing. */
export function afterCall(breaker: Breaker, sign: CallSign, now: Instant): Breaker {
  if (sign === 'success') return CLOSED;
  const { since, openUntil, probeUntil } = breaker;
  if (openUntil !== null) return probeUntil === null ? breaker : opening(breaker, now);
  const isFresh = since === null || now - since > WINDOW_MS;
  const failures = isFresh ? 1 : breaker.failures + 1;
  const counted = { ...breaker, failures, since: isFresh ? now : since };
  return failures >= THRESHOLD ? opening(counted, now) : counted;
}

const opening = (breaker: Breaker, now: Instant): Breaker => ({
  ...breaker,
  openUntil: now + (PAUSES_MS[breaker.opened] ?? PAUSES_MS.at(-1) ?? 0),
  opened: breaker.opened + 1,
  probeUntil: null,
});
