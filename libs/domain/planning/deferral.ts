import type { EnrolmentFacts } from '#domain/facts.js';
import type { Reason } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import { type Cursor, deferredOf, withDeferred } from './cursor.js';
import { holdingOf } from './holding.js';
import type { StepRef } from './plan.js';
import { refOf, type Scheduled } from './schedule.js';

/** A step that came due and is kept back: not sent yet. */
export interface Deferral extends StepRef {
  reasons: Reason[];
}

export interface Deferring {
  deferrals: Deferral[];
  /** The cursor with `deferrals` in it. */
  cursor: Cursor;
  /** When the next of them comes due if nothing changes; null when none does. */
  nextAt: Instant | null;
}

/**
 * The steps that a hold keeps back now and that came due. Each is told once, and again only when something else keeps
 * it back than was told: that begins with a fact, so the moment does not depend on how often anybody plans.
 */
export function defer(
  open: readonly Scheduled[],
  facts: EnrolmentFacts,
  cursor: Cursor,
  now: Instant,
): Deferring {
  const result: Deferring = { deferrals: [], cursor, nextAt: null };
  for (const scheduled of open) {
    if (scheduled.held <= now) continue;
    const { dueAt, held } = scheduled;
    const told = deferredOf(cursor, scheduled.step.key, scheduled.occurrence);
    if (told || dueAt <= now) tell(result, scheduled, facts, told?.by ?? [], now);
    else if (dueAt < held) result.nextAt = Math.min(dueAt, result.nextAt ?? Infinity);
  }
  return result;
}

function tell(
  result: Deferring,
  scheduled: Scheduled,
  facts: EnrolmentFacts,
  told: readonly string[],
  now: Instant,
): void {
  const holding = holdingOf(facts, scheduled, now);
  if (!holding || holding.by.every((kind) => told.includes(kind))) return;
  const ref = refOf(scheduled);
  result.deferrals.push({ ...ref, reasons: holding.reasons });
  result.cursor = withDeferred(result.cursor, { ...ref, by: holding.by });
}
