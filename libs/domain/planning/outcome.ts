import type { Instant } from '#domain/instant.js';
import type { Medium } from '#domain/medium.js';
import { type Cursor, triedOf, type Trying, withDecided, withTrying } from './cursor.js';
import type { StepRef } from './plan.js';

/** What became of a step's message, as far as the ladder cares. */
export type StepOutcome =
  | { kind: 'accepted' }
  | { kind: 'unknown' }
  | { kind: 'rejected' }
  | { kind: 'not_reached' }
  | { kind: 'throttled'; retryAfterMs: number }
  /** The gate asked to wait, and nobody was called. `until` null: a fact has to change. */
  | { kind: 'deferred'; until: Instant | null };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Waits before a provider is tried again; the last of them from then on. */
const BACKOFF: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
/**
 * How long a channel is tried before it has failed. A relay that is down, or a key that has expired, is somebody's to
 * mend within a day; the next channel is no answer to that.
 */
const NOT_REACHED_FOR = 24 * HOUR;
/** A mailbox that stays full is put off like a rate limit, and never ends by itself. */
const THROTTLED_FOR = 48 * HOUR;
const MAX_THROTTLES = 12;

/**
 * The cursor after a message's outcome. What may have gone out (`unknown`) counts as gone out: the ladder moves on and
 * nothing is sent again. Only a definite failure tries again or goes on to the next channel.
 */
export function afterOutcome(
  cursor: Cursor,
  step: StepRef,
  medium: Medium,
  outcome: StepOutcome,
  now: Instant,
): Cursor {
  const trying = tryingOf(cursor, step);
  switch (outcome.kind) {
    case 'accepted':
    case 'unknown':
      return withDecided(cursor, step.stepKey, step.occurrence, { at: now, how: 'done' });
    case 'throttled':
      return withTrying(cursor, afterThrottle(trying, medium, outcome.retryAfterMs, now));
    case 'not_reached':
      return withTrying(cursor, tryAgain(trying, medium, now));
    case 'deferred':
      return withTrying(cursor, { ...trying, notBefore: outcome.until });
    case 'rejected':
      return withTrying(cursor, nextMedium(trying, medium));
  }
}

function tryingOf(cursor: Cursor, { stepKey, occurrence, dueAt }: StepRef): Trying {
  const fresh = { stepKey, occurrence, dueAt, failed: [], tries: 0, ...UNTRIED };
  return { ...fresh, ...triedOf(cursor, stepKey, occurrence) };
}

/** A medium that has not been tried. */
const UNTRIED = { failures: 0, throttles: 0, since: null, notBefore: null };

function tryAgain(trying: Trying, medium: Medium, now: Instant): Trying {
  const failures = trying.failures + 1;
  const notBefore = now + waitAfter(failures);
  const since = trying.since ?? now;
  if (notBefore - since > NOT_REACHED_FOR) return nextMedium(trying, medium);
  return { ...trying, tries: trying.tries + 1, failures, throttles: 0, since, notBefore };
}

/** Waits as long as it was told; and when it is told again, at least as long as for a provider that is down. */
function afterThrottle(trying: Trying, medium: Medium, retryAfterMs: number, now: Instant): Trying {
  const throttles = trying.throttles + 1;
  const notBefore = now + Math.max(retryAfterMs, throttles > 1 ? waitAfter(throttles - 1) : 0);
  const since = trying.since ?? now;
  if (throttles >= MAX_THROTTLES || notBefore - since > THROTTLED_FOR) return nextMedium(trying, medium);
  return { ...trying, tries: trying.tries + 1, throttles, since, notBefore };
}

/** @param times how often it failed, from 1 */
const waitAfter = (times: number): number => BACKOFF[times - 1] ?? HOUR;

const nextMedium = (trying: Trying, medium: Medium): Trying => ({
  ...trying,
  ...UNTRIED,
  failed: [...trying.failed, medium],
  tries: trying.tries + 1,
});
