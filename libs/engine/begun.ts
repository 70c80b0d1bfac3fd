import type { Attachment, Channel, Outcome } from '#channels/channel.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { MessageMedium } from '#domain/medium.js';
import type { StepRef } from '#domain/planning/plan.js';
import type { Instant } from '#domain/instant.js';
import type { Admitted } from './limits/admit.js';
import type { Snapshot } from './letter.js';
import type { LoadedEnrolment } from './load-enrolment.js';

/** A contact this execution wrote, or found past its lease: the call that follows is its own. */
export interface Begun {
  contactId: string;
  /** The enrolment it belongs to: the invoice may have been enrolled anew since. */
  enrolmentId: string;
  channel: Channel;
  snapshot: Snapshot;
  attachments: Attachment[];
  medium: MessageMedium;
  /** Whether the organisation was stopped, and at which instant of real time at the earliest that was seen. */
  stop: { isStopped: boolean; seenAt: Instant };
  /** Real time; a call that could outlast it is not begun. */
  leaseUntil: Instant;
  step: StepRef | null;
  answerId: string | null;
  /** Whether it carries steps of other invoices besides. */
  isStatement: boolean;
  /** What the limits let through, and may have to take back; null where there were none. */
  admitted: Admitted | null;
  /** As read under the lock, with the versions it was read at. */
  loaded: LoadedEnrolment;
  invoiceVersion: number;
  /**
   * What the plan after the call is made from, should nothing move meanwhile; null where that is not to be expected.
   * `clock` is a test organisation's.
   */
  expected: { document: CampaignDocument; clock: Instant | null } | null;
  /** True when an earlier execution may have called already. */
  mayHaveCalled: boolean;
}

/** The facts as they were read, and that this message is the last one sent. */
export function factsAfter({ loaded, step, medium, channel }: Begun, outcome: Outcome): EnrolmentFacts {
  if (!step) return loaded.facts;
  const { stepKey, occurrence, dueAt } = step;
  const delivery = channel.external ? null : 'delivered';
  return { ...loaded.facts, lastSent: { stepKey, occurrence, dueAt, medium, state: outcome.kind, delivery } };
}
