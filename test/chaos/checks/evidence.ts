import type { ReceiptFact } from '#domain/delivery.js';
import type { Instant } from '#domain/instant.js';

/** What a rule found wrong: ids and codes, nothing about a person. */
export interface Violation {
  rule: string;
  /** Of the contact, the enrolment or whatever it is about. */
  subject: string;
  detail: string;
}

/** A message that a provider took, by its own log. */
export interface Accept {
  provider: string;
  /** The provider's name of it. */
  id: string;
  /** As the message carried it; absent where its protocol carries none. */
  contactId?: string | undefined;
  to: string;
  text: string;
  /** When its request began. */
  receivedAt: Instant;
}

/** A row of the ledger. */
export interface ContactRow {
  id: string;
  customerId: string;
  invoiceId: string;
  sendKey: string;
  kind: string;
  medium: string;
  purpose: string;
  provider: string;
  providerId: string | null;
  state: string;
  resolution: string | null;
  delivery: string | null;
  deliveredAt: Instant | null;
  decidedAt: Instant;
  leaseUntil: Instant;
  pointKind: string;
  /** The address in its normal form. */
  normalised: string;
  /** As it went out. */
  to: string;
  text: string;
}

/** A ledger row being written, as the database saw it: under which version of the customer's facts, and when. */
export interface Decision {
  contactId: string;
  customerId: string;
  invoiceId: string;
  version: number;
  at: Instant;
}

interface Recorded {
  customerId: string;
  /** Of the customer's facts, in the transaction that recorded it. */
  version: number;
  /** When that transaction was committed. */
  committedAt: Instant;
}

/** A fact that forbids or allows again, as the database saw it being recorded. */
export type Fact = Recorded &
  (
    | { kind: 'closed' | 'reopened'; invoiceId: string }
    | { kind: 'held'; holdId: string; invoiceId: string | null; until: Instant | null }
    | { kind: 'released'; holdId: string }
    | {
        kind: 'suppressed';
        suppressionId: string;
        pointKind: string;
        normalised: string;
        medium: string | null;
        purpose: string | null;
      }
    | { kind: 'lifted'; suppressionId: string }
  );

export interface ReceiptRow extends ReceiptFact {
  provider: string;
  eventKey: string;
  contactId: string;
  isApplied: boolean;
}

/** An enrolment at the end, beside what the planner would say of it. */
export interface EnrolmentRow {
  id: string;
  invoiceId: string;
  state: 'open' | 'ended';
  plannedVersion: number;
  factsVersion: number;
  nextDueAt: Instant | null;
  /** Of the invoice's workflow, as Temporal tells: RUNNING, COMPLETED, …; null when it knows of none. */
  workflow: string | null;
  /** What a plan made now says; null for one that has ended. */
  replanned: { kind: 'act' | 'wait' | 'finished'; until: Instant | null } | null;
  /** Keys of steps with a decision that stands. */
  decided: readonly string[];
}

/** The value of each key, all of them. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
