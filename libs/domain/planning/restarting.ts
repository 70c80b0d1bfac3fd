import type { EnrolmentFacts } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { type Cursor, initialCursor, runNoOf } from './cursor.js';
import type { LadderInput } from './occurrences.js';
import type { Skip } from './plan.js';
import { refOf, schedule } from './schedule.js';

/** When a hold ended after which the ladder begins again, and has not yet; null when none did. */
function restartAt({ resumptions, enrolledAt }: EnrolmentFacts, now: Instant): Instant | null {
  const ends = resumptions
    .filter(({ rule, at }) => rule === 'restart' && enrolledAt <= at && at <= now)
    .map(({ at }) => at);
  return ends.length > 0 ? Math.max(...ends) : null;
}

export interface Restarted {
  cursor: Cursor;
  /** What had come due in the run that is over, and is given up with it. */
  skips: Skip[];
}

/**
 * Begins the ladder again where a hold that ended says so: a new run, in which each step may come once more. Depends on when the
 * hold ended, not on when somebody plans.
 *
 * @param input with the facts as the present run sees them
 * @returns null when nothing says so, or it was done
 */
export function restarted(input: LadderInput, now: Instant): Restarted | null {
  const { facts, cursor } = input;
  const beganAt = restartAt(facts, now);
  if (beganAt === null) return null;
  const runNo = runNoOf(facts.runNo, cursor);
  const run = { no: runNo + 1, beganAt, lastContactAt: lastContactOf(cursor) };
  return {
    cursor: { ...initialCursor(), run },
    skips: leftOver(input, beganAt).map((skip) => ({ ...skip, runNo })),
  };
}

function lastContactOf({ decided, run }: Cursor): Instant | null {
  const done = Object.values(decided).filter(({ how }) => how === 'done');
  const last = Math.max(run?.lastContactAt ?? -Infinity, ...done.map(({ at }) => at));
  return last > -Infinity ? last : null;
}

function leftOver(input: LadderInput, at: Instant): Skip[] {
  const { tooLate, passedOver, open } = schedule(input, at);
  const came = [...passedOver, ...open.filter(({ dueAt }) => dueAt < at)].map(refOf);
  const isNew = (one: { stepKey: string; occurrence: number }): boolean =>
    ![...came, ...tooLate.map(refOf)].some(
      ({ stepKey, occurrence }) => stepKey === one.stepKey && occurrence === one.occurrence,
    );
  const kept = (input.cursor.deferred ?? []).filter(isNew).map(({ by: _told, ...ref }) => ref);
  return [
    ...tooLate.map((late) => ({ ...refOf(late), reason: 'too_late' as const })),
    ...[...came, ...kept].map((ref) => ({ ...ref, reason: 'passed_over' as const })),
  ];
}

/** When a hold ends by itself after which the ladder begins again; `Infinity` when none does. */
export const restartsAt = ({ holds }: EnrolmentFacts, now: Instant): Instant =>
  holds.reduce(
    (at, { resume, until }) =>
      resume?.rule === 'restart' && until !== null && until > now ? Math.min(at, until) : at,
    Infinity,
  );
