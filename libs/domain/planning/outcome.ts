import type { Instant } from '#domain/instant.js';
import type { Slot } from '#domain/limits.js';
import type { Medium } from '#domain/medium.js';
import { type Cursor, type Tries, triedOf, type Trying, withDecided, withTrying } from './cursor.js';
import type { StepRef } from './plan.js';

/** What became of a step's message, as far as the ladder cares. */
export type StepOutcome =
  | { kind: 'accepted' }
  | { kind: 'unknown' }
  | { kind: 'rejected' }
  | { kind: 'not_reached' }
  /** `by`: all of this sender's messages have to wait; it comes first when they need not any more. */
  | { kind: 'throttled'; retryAfterMs: number; by?: string }
  /**
   * The gate asked to wait, and nobody was called. `until` null: a fact has to change. `rulesDigest`: by contact policies, as their
   * rules are now.
   */
  | { kind: 'deferred'; until: Instant | null; slot?: Slot; rulesDigest?: string };

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
  const trying = tryingOf(cursor, step, now);
  switch (outcome.kind) {
    case 'accepted':
    case 'unknown':
      return done(cursor, trying, now);
    case 'throttled':
    case 'not_reached': {
      const later = tryLater(trying, outcome, now);
      return withTrying(cursor, later ? { ...trying, ...later } : nextMedium(trying, medium));
    }
    case 'deferred':
      return withTrying(cursor, {
        ...trying,
        notBefore: outcome.until,
        slot: outcome.slot,
        rulesDigest: outcome.rulesDigest,
        ...(outcome.rulesDigest !== undefined && outcome.until !== null ? { opensAt: outcome.until } : {}),
      });
    case 'rejected':
      return withTrying(cursor, nextMedium(trying, medium));
  }
}

/** The cursor after a step became a task: what had failed before it stays known. */
export const afterTask = (cursor: Cursor, step: StepRef, now: Instant): Cursor =>
  done(cursor, tryingOf(cursor, step, now), now);

const done = (cursor: Cursor, { stepKey, occurrence, failed }: Trying, at: Instant): Cursor =>
  withDecided(cursor, stepKey, occurrence, { at, how: 'done', ...(failed.length > 0 ? { failed } : {}) });

function tryingOf(cursor: Cursor, { stepKey, occurrence, dueAt }: StepRef, now: Instant): Trying {
  const fresh = { stepKey, occurrence, dueAt, failed: [], ...UNTRIED };
  const tried = { ...fresh, ...triedOf(cursor, stepKey, occurrence) };
  // It came out earlier than it was put off to: by other rules, or along with another.
  return tried.opensAt !== undefined && tried.opensAt > now ? { ...tried, opensAt: undefined } : tried;
}

const UNTRIED_MEDIUM = { failures: 0, throttles: 0, since: null, notBefore: null };
export const UNTRIED: Tries = { tries: 0, ...UNTRIED_MEDIUM };

/** When a message is tried again that certainly did not go out; null when its medium was tried for long enough. */
export function tryLater(
  { tries, failures, throttles, since: before }: Tries,
  outcome: Extract<StepOutcome, { kind: 'not_reached' | 'throttled' }>,
  now: Instant,
): Tries | null {
  const since = before ?? now;
  const again = { tries: tries + 1, since, rulesDigest: undefined };
  if (outcome.kind === 'not_reached') {
    const notBefore = now + waitAfter(failures + 1);
    if (notBefore - since > NOT_REACHED_FOR) return null;
    return { ...again, failures: failures + 1, throttles: 0, notBefore, slot: undefined };
  }
  // As long as it was told; and when it is told again, at least as long as for a provider that is down.
  const notBefore = now + Math.max(outcome.retryAfterMs, throttles > 0 ? waitAfter(throttles) : 0);
  if (throttles + 1 >= MAX_THROTTLES || notBefore - since > THROTTLED_FOR) return null;
  const slot = outcome.by === undefined ? undefined : { by: outcome.by, at: notBefore };
  return { ...again, failures, throttles: throttles + 1, notBefore, slot };
}

/** @param times how often it failed, from 1 */
const waitAfter = (times: number): number => BACKOFF[times - 1] ?? HOUR;

const nextMedium = (trying: Trying, medium: Medium): Trying => ({
  ...trying,
  ...UNTRIED_MEDIUM,
  rulesDigest: undefined,
  failed: [...trying.failed, medium],
  tries: trying.tries + 1,
});
