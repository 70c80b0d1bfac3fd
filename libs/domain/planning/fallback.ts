import { hasArrived, isUndeliverable } from '#domain/delivery.js';
import { parseDuration } from '#domain/duration.js';
import type { SentFacts } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { addToInstant } from '#domain/local-time.js';
import { type Cursor, type Decided, decidedAt, occurrenceKey, withTrying } from './cursor.js';
import { deadlineOf } from './lateness.js';
import { type LadderInput, type Occurrence, occurrencesOf } from './occurrences.js';
import { UNTRIED } from './outcome.js';
import { chooseRecipient } from './recipients.js';

/**
 * Goes back to the last step when its message certainly did not arrive, or was not seen to arrive in the time that the
 * step gives it: the next channel is tried. What may have gone out (`unknown`) is never followed by another, and a step
 * that was followed by a later one is left alone, for the person has heard since.
 *
 * @returns the cursor, and when to look again
 */
export function fallBack(input: LadderInput, now: Instant): { cursor: Cursor; at: Instant | null } {
  const { facts, cursor } = input;
  const last = facts.lastSent;
  const decided = last && decidedAt(cursor, last.stepKey, last.occurrence);
  const stays = { cursor, at: null };
  if (!last || decided?.how !== 'done' || isOvertaken(cursor, last, decided)) return stays;
  // It was gone on from already: another channel, or a person, did the step.
  if (decided.failed?.includes(last.medium)) return stays;
  const occurrence = occurrencesOf(input).find(
    (each) => each.step.key === last.stepKey && each.occurrence === last.occurrence,
  );
  if (!occurrence || deadlineOf(occurrence, last.dueAt, facts) <= now) return stays;
  const failed = [...(decided.failed ?? []), last.medium];
  const at = failsAt(last, decided, occurrence, facts.customer.zone);
  if (at === null) return stays;
  const isDefinite = at === -Infinity;
  const isSentAgain = last.state === 'not_reached' && last.delivery === null;
  if (!isDefinite && chooseRecipient(occurrence.step, facts.customer, failed).kind === 'none') return stays;
  if (at > now) return { cursor, at };
  const { stepKey, occurrence: number, dueAt } = last;
  return {
    cursor: withTrying(cursor, {
      stepKey,
      occurrence: number,
      dueAt,
      ...UNTRIED,
      failed: isSentAgain ? (decided.failed ?? []) : failed,
    }),
    at: null,
  };
}

function isOvertaken(cursor: Cursor, { stepKey, occurrence }: SentFacts, { at }: Decided): boolean {
  const own = occurrenceKey(stepKey, occurrence);
  return Object.entries(cursor.decided).some(
    ([key, each]) => key !== own && each.how === 'done' && each.at > at,
  );
}

/**
 * When a message counts as failed; `-Infinity` when it has, was refused after it had been taken for sent, or was found never to
 * have gone out; null when it never will by itself.
 */
function failsAt(
  { delivery, state }: SentFacts,
  decided: Decided,
  { step: { unlessDelivered } }: Occurrence,
  zone: string,
): Instant | null {
  const isRefused = state === 'not_reached' || state === 'rejected';
  if (delivery === null ? isRefused : isUndeliverable(delivery)) return -Infinity;
  const isAwaited = state === 'accepted' && (delivery === null || !hasArrived(delivery));
  return isAwaited && unlessDelivered ? addToInstant(decided.at, parseDuration(unlessDelivered), zone) : null;
}
