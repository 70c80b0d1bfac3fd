import type { CampaignDocument } from '#domain/campaign/document.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { GateDecision } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import type { Slot } from '#domain/limits.js';
import { factsUnder } from '#domain/policy/duties.js';
import type { ContactingAction } from '#domain/policy/keeping.js';
import { type Cursor, triedOf, withDecided } from './cursor.js';
import { afterOutcome } from './outcome.js';
import { chooseRecipient } from './recipients.js';

/** The gate, or a limit, said no. */
export type Refusal = Exclude<GateDecision, { kind: 'send' }> & { slot?: Slot | undefined };

/**
 * Where a ladder goes on from when the gate said no: put off, given up, or tried by its next channel where all rules together leave
 * no moment for this one.
 *
 * @returns what is to be put on record of the step, null while another channel of it is tried, and the cursor after that
 */
export function afterRefusal(
  document: CampaignDocument,
  facts: EnrolmentFacts,
  cursor: Cursor,
  action: ContactingAction,
  refusal: Refusal,
  now: Instant,
): { decision: 'deferred' | 'suppressed' | null; cursor: Cursor } {
  const { stepKey, occurrence } = action;
  const medium = action.kind === 'send' ? action.medium : 'call';
  if (refusal.kind === 'defer') {
    const { until, slot, byPolicy } = refusal;
    const outcome = {
      kind: 'deferred',
      until,
      ...(slot && { slot }),
      ...(byPolicy && { rulesDigest: facts.rulesDigest }),
    } as const;
    return { decision: 'deferred', cursor: afterOutcome(cursor, action, medium, outcome, now) };
  }
  const failed = [...(triedOf(cursor, stepKey, occurrence)?.failed ?? []), medium];
  const { customer } = factsUnder(document, facts);
  if (
    refusal.reasons[0].rule === 'never_allowed' &&
    chooseRecipient(action.step, customer, failed).kind === 'found'
  )
    return { decision: null, cursor: afterOutcome(cursor, action, medium, { kind: 'rejected' }, now) };
  return {
    decision: 'suppressed',
    cursor: withDecided(cursor, stepKey, occurrence, { at: now, how: 'skipped' }),
  };
}
