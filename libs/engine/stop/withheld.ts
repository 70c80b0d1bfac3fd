import type { Outcome } from '#channels/channel.js';
import { EMERGENCY_STOP } from '#domain/planning/holding.js';
import type { StepOutcome } from '#domain/planning/outcome.js';

/** Whether a message was written and, for an emergency stop, nobody was called: no fault of the channel. */
export const isWithheld = (outcome: Outcome): boolean =>
  outcome.kind === 'not_reached' && outcome.code === EMERGENCY_STOP;

/** What the ladder is told: a message that was withheld is no failed try, and waits for the release. */
export const forLadder = (outcome: Outcome): StepOutcome =>
  isWithheld(outcome) ? { kind: 'deferred', until: null } : outcome;
