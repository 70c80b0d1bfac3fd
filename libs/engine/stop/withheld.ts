import type { Outcome } from '#channels/channel.js';
import { EMERGENCY_STOP } from '#domain/planning/holding.js';
import type { StepOutcome } from '#domain/planning/outcome.js';
import type { Begun } from '../begun.js';
import { lineOf } from '../limits/admit.js';

/** Whether a message was written and, for an emergency stop, nobody was called: no fault of the channel. */
export const isWithheld = (outcome: Outcome): boolean =>
  outcome.kind === 'not_reached' && outcome.code === EMERGENCY_STOP;

/**
 * What the ladder is told: a message that was withheld is no failed try, and waits for the release; one whose provider asked its sender to
 * wait comes first when that is over.
 */
export function forLadder({ channel, admitted }: Begun, outcome: Outcome): StepOutcome {
  if (isWithheld(outcome)) return { kind: 'deferred', until: null };
  return outcome.kind === 'throttled' && outcome.wholeSender && admitted
    ? { ...outcome, by: lineOf(channel.provider, admitted.sender) }
    : outcome;
}
