import type { Instant } from '#domain/instant.js';
import type { Medium } from '#domain/medium.js';

/** A step that was decided: `done` when somebody was contacted or a task was made, `skipped` when nobody was. */
export interface Decided {
  at: Instant;
  how: 'done' | 'skipped';
}

/** A step that came due and has not reached anybody yet: media that definitely failed, and when to try again. */
export interface Trying {
  stepKey: string;
  occurrence: number;
  dueAt: Instant;
  /** Media that definitely could not deliver. */
  failed: Medium[];
  /** Tries so far, whatever became of them: numbers the contacts of a step. */
  tries: number;
  /** Tries in a row on the present medium that never reached the provider. */
  failures: number;
  notBefore: Instant | null;
}

/** Where an enrolment stands in its ladder. JSON-safe; stored with the enrolment. */
export interface Cursor {
  /** By `occurrenceKey`. */
  decided: Record<string, Decided>;
  trying: Trying | null;
  /** The task for an exhausted ladder was made. */
  exhausted: boolean;
}

export const initialCursor = (): Cursor => ({ decided: {}, trying: null, exhausted: false });

export const occurrenceKey = (stepKey: string, occurrence: number): string => `${stepKey}#${occurrence}`;

/** The cursor after a step was decided. */
export function withDecided(cursor: Cursor, stepKey: string, occurrence: number, decided: Decided): Cursor {
  return {
    ...cursor,
    decided: { ...cursor.decided, [occurrenceKey(stepKey, occurrence)]: decided },
    trying: isTrying(cursor, stepKey, occurrence) ? null : cursor.trying,
  };
}

export const isTrying = (cursor: Cursor, stepKey: string, occurrence: number): boolean =>
  cursor.trying?.stepKey === stepKey && cursor.trying.occurrence === occurrence;

export const decidedAt = (cursor: Cursor, stepKey: string, occurrence: number): Decided | undefined =>
  cursor.decided[occurrenceKey(stepKey, occurrence)];
