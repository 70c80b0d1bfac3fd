import type { Instant } from '#domain/instant.js';
import type { Slot } from '#domain/limits.js';
import type { Medium } from '#domain/medium.js';
import type { StepRef } from './plan.js';

/** A step that was decided: `done` when somebody was contacted or a task was made, `skipped` when nobody was. */
export interface Decided {
  at: Instant;
  how: 'done' | 'skipped';
  /** Media that had failed before the one that did it. */
  failed?: Medium[];
}

/** What a message has been through that could not go out yet. */
export interface Tries {
  /** Tries so far, whatever became of them: numbers the contacts of a message. */
  tries: number;
  /** Tries on the present medium that never reached the provider. */
  failures: number;
  /** Tries in a row on the present medium that the provider put off. */
  throttles: number;
  /** When the present medium failed first; null while it has not. */
  since: Instant | null;
  notBefore: Instant | null;
  /** When a contact policy lets it out: from then on it is late no more by the time that its step names. */
  opensAt?: Instant | undefined;
  /** Of the rules that stood when a contact policy put it off; left out when something else did. */
  rulesDigest?: string | undefined;
  /** Its place in the line of its sender. */
  slot?: Slot | undefined;
}

/** A step that came due and has not reached anybody yet: media that definitely failed, and when to try again. */
export interface Trying extends Tries {
  stepKey: string;
  occurrence: number;
  dueAt: Instant;
  /** Media that definitely could not deliver. */
  failed: Medium[];
}

/** A step that came due while it was kept back, and is not decided yet. */
export interface Deferred extends StepRef {
  /** What kept it back, as it was told last. */
  by: string[];
}

/** Where an enrolment stands in its ladder. JSON-safe; stored with the enrolment. */
export interface Cursor {
  /** By `occurrenceKey`. */
  decided: Record<string, Decided>;
  trying: Trying | null;
  /** Tries that another step's came in between of: of steps on hold, while one about a promise went out. */
  parked?: Trying[];
  deferred?: Deferred[];
  /** The task for an exhausted ladder was made. */
  exhausted: boolean;
  /** Of a run that is not the first: all else here is of this run alone. */
  run?: Run;
}

/** A ladder that began again. */
export interface Run {
  no: number;
  beganAt: Instant;
  /** When somebody was contacted last in the runs before; null when nobody was. */
  lastContactAt: Instant | null;
}

/** The number of the run that an enrolment is in. @param first of its first run */
export const runNoOf = (first: number, { run }: Pick<Cursor, 'run'>): number => run?.no ?? first;

export const initialCursor = (): Cursor => ({ decided: {}, trying: null, exhausted: false });

export const occurrenceKey = (stepKey: string, occurrence: number): string => `${stepKey}#${occurrence}`;

/** The cursor after a step was decided. */
export function withDecided(cursor: Cursor, stepKey: string, occurrence: number, decided: Decided): Cursor {
  return {
    ...cursor,
    decided: { ...cursor.decided, [occurrenceKey(stepKey, occurrence)]: decided },
    ...triesWithout(cursor, stepKey, occurrence),
    ...(cursor.deferred ? { deferred: deferredWithout(cursor, stepKey, occurrence) } : {}),
  };
}

/** The cursor with this step as kept back. */
export const withDeferred = (cursor: Cursor, deferred: Deferred): Cursor => ({
  ...cursor,
  deferred: [...deferredWithout(cursor, deferred.stepKey, deferred.occurrence), deferred],
});

/** The cursor with this step as one of which nothing was told: what is to be told of it now is news again. */
export const asUntold = (cursor: Cursor, { stepKey, occurrence }: StepRef): Cursor =>
  cursor.deferred ? { ...cursor, deferred: deferredWithout(cursor, stepKey, occurrence) } : cursor;

/** What was told of a step that is kept back; undefined when nothing was. */
export const deferredOf = (cursor: Cursor, stepKey: string, occurrence: number): Deferred | undefined =>
  cursor.deferred?.find((each) => isOf(each, stepKey, occurrence));

const deferredWithout = ({ deferred = [] }: Cursor, stepKey: string, occurrence: number): Deferred[] =>
  deferred.filter((each) => !isOf(each, stepKey, occurrence));

/** Whether it is the step that was tried last. */
export const isTrying = (cursor: Cursor, stepKey: string, occurrence: number): boolean =>
  isOf(cursor.trying, stepKey, occurrence);

/** What was tried for a step that has not reached anybody yet; null when nothing was. */
export const triedOf = (cursor: Cursor, stepKey: string, occurrence: number): Trying | null =>
  triesOf(cursor).find((each) => isOf(each, stepKey, occurrence)) ?? null;

/** The cursor with this one as the step being tried, decided no more; what was tried for others is kept. */
export function withTrying(cursor: Cursor, trying: Trying): Cursor {
  const others = triesOf(cursor).filter((each) => !isOf(each, trying.stepKey, trying.occurrence));
  const { [occurrenceKey(trying.stepKey, trying.occurrence)]: _undone, ...decided } = cursor.decided;
  return { ...cursor, decided, trying, ...(others.length > 0 || cursor.parked ? { parked: others } : {}) };
}

const triesOf = ({ trying, parked }: Cursor): Trying[] => [...(trying ? [trying] : []), ...(parked ?? [])];

const isOf = (
  one: Pick<StepRef, 'stepKey' | 'occurrence'> | null,
  stepKey: string,
  occurrence: number,
): boolean => one?.stepKey === stepKey && one.occurrence === occurrence;

function triesWithout(
  cursor: Cursor,
  stepKey: string,
  occurrence: number,
): Pick<Cursor, 'trying' | 'parked'> {
  const [trying = null, ...parked] = triesOf(cursor).filter((each) => !isOf(each, stepKey, occurrence));
  return { trying, ...(cursor.parked ? { parked } : {}) };
}

export const decidedAt = (cursor: Cursor, stepKey: string, occurrence: number): Decided | undefined =>
  cursor.decided[occurrenceKey(stepKey, occurrence)];
