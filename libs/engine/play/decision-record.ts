import { compare } from '#engine/clock/timeline.js';
import { formatInstant, type Instant } from '#domain/instant.js';
import type { ContactState } from '#domain/transitions.js';

/** One decision of the gate or the planner, by names given from outside. */
export interface DecisionRecord {
  at: Instant;
  customer: string;
  dueOn: string;
  invoice: string;
  step: string;
  stepIndex: number;
  occurrence: number;
  channel: string | null;
  /** Whom a message went to, as customer and place among their people; null where it went to none, or a call to whoever answers. */
  person: string | null;
  /** `sent`: the gate let it out; `contact` says whether it went. */
  decision: 'sent' | 'task' | 'deferred' | 'merged' | 'suppressed';
  /** What became of the message, or of the statement it is part of; null where the decision called for none. */
  contact: ContactState | null;
  reasons: string[];
  /** Rules that put it off before it was decided, each once, in alphabetical order. */
  deferredBy: string[];
}

/** A line of the ledger file. `at` is in UTC. */
export interface LedgerLine {
  at: string;
  customer: string;
  invoices: string[];
  step: string;
  channel: string | null;
  decision: DecisionRecord['decision'];
  reasons: string[];
}

/** The order of the ledger: time, then customer, due date, invoice, place in the ladder. */
export const inLedgerOrder = (a: DecisionRecord, b: DecisionRecord): number =>
  a.at - b.at ||
  compare(a.customer, b.customer) ||
  compare(a.dueOn, b.dueOn) ||
  compare(a.invoice, b.invoice) ||
  a.stepIndex - b.stepIndex ||
  a.occurrence - b.occurrence;

export const toLedgerLine = ({
  at,
  customer,
  invoice,
  step,
  channel,
  decision,
  reasons,
}: DecisionRecord): LedgerLine => ({
  at: formatInstant(at),
  customer,
  invoices: [invoice],
  step,
  channel,
  decision,
  reasons,
});
