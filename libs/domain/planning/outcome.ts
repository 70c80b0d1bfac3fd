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
  | { kind: 'throttled'; retryAfterMs: number };

const MINUTE = 60_000;
/** Waits before a provider that could not be reached is tried again; after the last the channel has failed. */
const BACKOFF: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE];

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
      return withTrying(cursor, {
        ...trying,
        tries: trying.tries + 1,
        notBefore: now + outcome.retryAfterMs,
      });
    case 'not_reached':
      return withTrying(cursor, tryAgain(trying, medium, now));
    case 'rejected':
      return withTrying(cursor, nextMedium(trying, medium));
  }
}

function tryingOf(cursor: Cursor, { stepKey, occurrence, dueAt }: StepRef): Trying {
  const fresh = { stepKey, occurrence, dueAt, failed: [], tries: 0, failures: 0, notBefore: null };
  return triedOf(cursor, stepKey, occurrence) ?? fresh;
}

function tryAgain(trying: Trying, medium: Medium, now: Instant): Trying {
  const wait = BACKOFF[trying.failures];
  if (wait === undefined) return nextMedium(trying, medium);
  return { ...trying, tries: trying.tries + 1, failures: trying.failures + 1, notBefore: now + wait };
}

const nextMedium = (trying: Trying, medium: Medium): Trying => ({
  ...trying,
  failed: [...trying.failed, medium],
  tries: trying.tries + 1,
  failures: 0,
  notBefore: null,
});
