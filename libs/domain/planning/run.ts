import type { EnrolmentFacts } from '#domain/facts.js';
import type { Cursor } from './cursor.js';

/**
 * The facts as the present run of the ladder sees them: it began when the hold ended, gently, as if the invoice had been enrolled
 * then, and knows nothing of what was resumed in the runs before.
 */
export function factsOfRun(facts: EnrolmentFacts, { run }: Cursor): EnrolmentFacts {
  if (!run) return facts;
  return {
    ...facts,
    enrolledAt: run.beganAt,
    entry: 'gentle',
    resumptions: facts.resumptions.filter(({ at }) => at > run.beganAt),
    approvals: facts.approvals.filter(({ at }) => at > run.beganAt),
  };
}

/** The same of all that a ladder is planned from. */
export const ofRun = <Of extends { facts: EnrolmentFacts; cursor: Cursor }>(input: Of): Of =>
  input.cursor.run ? { ...input, facts: factsOfRun(input.facts, input.cursor) } : input;
