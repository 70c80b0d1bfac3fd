import type { EntryRule, StepPurpose } from './campaign/document.js';
import type { DeliveryState } from './delivery.js';
import type { ZoneSource } from './country-zones.js';
import type { HoldKind, Resumption, ResumeRule } from './holds.js';
import type { PlanFacts } from './instalments.js';
import type { Instant, LocalDate } from './instant.js';
import { type Medium, needsConsent, POINT_OF, type PointKind } from './medium.js';
import type { ContactState } from './transitions.js';

/** Everything the planner and the gate may know of one enrolment, read at one moment. */
export interface EnrolmentFacts {
  runNo: number;
  enrolledAt: Instant;
  entry: EntryRule;
  /** Somebody stopped the organisation, or the whole installation: nothing goes out until it is released. */
  stopped: boolean;
  /** Its campaign, or this enrolment alone, is paused: no step goes out until it is resumed. */
  paused: boolean;
  /** Money of the customer in the currency of the invoice belongs to no invoice yet: nobody knows what is still owed. */
  unapplied: boolean;
  /** The books are older than the organisation allows: whoever paid since is not known. */
  stale: boolean;
  /** Whether the creditor asks for its own money, or for another's. */
  party: 'first' | 'third';
  /** Policies, or rules of them, that the organisation switched off: `us-fl`, `us-fl/hours`. */
  switchedOff: readonly string[];
  /** Of the rules of the house, the customer's own and what is switched off: another text once any of them changes. */
  rulesDigest: string;
  /** What is due to a person within so many of their days, today included, goes out as one. */
  statementDays: number;
  customer: CustomerFacts;
  invoice: InvoiceFacts;
  /** Active ones of the invoice and of the customer as a whole. */
  holds: HoldFacts[];
  /** Holds that ended with the ladder going on somewhere else than where it stood. */
  resumptions: Resumption[];
  promises: PromiseFacts[];
  /** The last instalment plan that was agreed and not cancelled; null without one. */
  plan: PlanFacts | null;
  events: EventFacts[];
  /** Tasks of this enrolment that the ladder still waits for. */
  openTasks: OpenTaskFacts[];
  /** What was said of steps that wanted to be approved. */
  approvals: ApprovalFacts[];
  /** Answers and confirmations that somebody asked for and that have not gone out yet. */
  requestedAnswers: RequestedAnswerFacts[];
  /** The message of a step that went out last; null before the first. */
  lastSent: SentFacts | null;
}

export interface CustomerFacts {
  externalId: string;
  kind: 'person' | 'company';
  country: string | null;
  region: string | null;
  /** IANA name. */
  zone: string;
  zoneSource: ZoneSource;
  preferred: Medium | null;
  /** Somebody sees to it that nothing goes out to them by itself: steps wait to be approved. */
  vip: boolean;
  /** In order of preference. */
  people: PersonFacts[];
  /** People of the parent company, in its order; left out, or null, where there is no such company. */
  parent?: PersonFacts[] | null;
  /** Arms this customer was already shown, by experiment. */
  exposures: Record<string, string>;
}

export interface PersonFacts {
  id: string;
  roles: string[];
  points: PointFacts[];
}

export interface PointFacts {
  id: string;
  kind: PointKind;
  status: 'active' | 'invalid' | 'retired' | 'suppressed';
  /** What it may not be used for, though it is active; left out where there is nothing of the kind. */
  barred?: readonly Barred[] | null;
  /** What was said last of messages by a medium, at this address or for all of the customer's; left out: nothing. */
  consents?: Partial<Record<Medium, ConsentState>>;
  /** Media of which a consent waits for its owner's confirmation: it allows nothing; left out: none. */
  unconfirmed?: readonly Medium[];
  /** A telephone number that certainly takes no SMS: a fixed line. It can be called. */
  noSms?: true;
}

/** `needed`: nothing was said, and a contact policy asks for a consent. */
export type ConsentState = 'granted' | 'withdrawn' | 'needed';

/** By this medium, or by all; for this purpose, or for all: one of the two is named. */
export interface Barred {
  medium: Medium | null;
  purpose: StepPurpose | null;
}

export interface InvoiceFacts {
  externalId: string;
  currency: string;
  issuedOn: LocalDate;
  dueOn: LocalDate;
  status: 'open' | 'settled' | 'cancelled' | 'written_off';
  parts: PartFacts[];
}

export interface PartFacts {
  sequence: number;
  dueOn: LocalDate | null;
  /** What has to be done before it is due; left out: nothing. */
  milestone?: string | null;
  completedAt: Instant | null;
  /** Minor units. */
  amount: number;
  /** Minor units, from allocations that stand. */
  paid: number;
  /** Minor units of payments that are announced and not posted yet: a direct debit under way. */
  pending: number;
}

export interface HoldFacts {
  id: string;
  kind: HoldKind;
  /** Minor units of the invoice that are disputed; null, or left out: all of it. */
  amount?: number | null;
  /** null: until somebody releases it. */
  until: Instant | null;
  /** Where the ladder goes on when it ends; null, or left out: with the step that waited. */
  resume?: ResumeRule | null;
}

export interface PromiseFacts {
  sequence: number;
  madeAt: Instant;
  /** The last day on which paying keeps the promise. */
  promisedOn: LocalDate;
  cancelled: boolean;
  /** Minor units. */
  amount: number;
  /** Minor units that came in for the invoice from when it was promised until the end of the promised day. */
  paid: number;
}

export interface EventFacts {
  kind: 'payment_failed' | 'milestone_completed' | 'invoice_viewed';
  sequence: number;
  at: Instant;
}

export interface OpenTaskFacts {
  id: string;
  stepKey: string;
  occurrence: number;
  /** The ladder goes on without an outcome after this. */
  waitUntil: Instant;
  /** It asks whether the step may go out with these templates, and is no step itself. */
  approves?: readonly string[];
}

export interface ApprovalFacts {
  stepKey: string;
  occurrence: number;
  isApproved: boolean;
  /** What was approved, or declined. */
  templates: readonly string[];
  at: Instant;
}

export interface RequestedAnswerFacts {
  id: string;
  medium: Medium;
  /** When it is tried again after a provider could not take it; null before its first try. */
  notBefore: Instant | null;
}

/** A step's message, and what is known of its way. */
export interface SentFacts {
  stepKey: string;
  occurrence: number;
  dueAt: Instant;
  medium: Medium;
  state: ContactState;
  /** Whom it was given to. */
  provider?: string;
  /** What its receipts come to; null while there are none. */
  delivery: DeliveryState | null;
}

/** An address that a step may go to: of the customer, or of the parent company. */
export const pointOf = ({ people, parent }: CustomerFacts, pointId: string): PointFacts | undefined =>
  [...people, ...(parent ?? [])].flatMap(({ points }) => points).find(({ id }) => id === pointId);

/**
 * Whether an address may be used by a medium for a purpose.
 *
 * @param purpose null for what somebody asked for: only what bars the medium as a whole is in its way
 */
export const mayUse = (point: PointFacts, medium: Medium, purpose: StepPurpose | null): boolean =>
  point.status === 'active' && isAgreed(point, medium) && !isBarred(point, medium, purpose);

/** Whether nobody withdrew their consent to a medium, and gave it where it is needed. */
export const isAgreed = ({ consents }: PointFacts, medium: Medium): boolean => {
  const said = consents?.[medium];
  return needsConsent(medium) ? said === 'granted' : said === undefined || said === 'granted';
};

const isBarred = ({ barred }: PointFacts, medium: Medium, purpose: StepPurpose | null): boolean =>
  barred?.some(
    (each) =>
      (each.medium === null || each.medium === medium) && (each.purpose === null || each.purpose === purpose),
  ) ?? false;

/** Whether a medium could reach this point at all. */
export const suits = ({ kind, noSms }: PointFacts, medium: Medium): boolean =>
  kind === POINT_OF[medium] && !(medium === 'sms' && noSms);

/** What is still owed on the invoice, in minor units. */
export const openBalance = (invoice: InvoiceFacts): number =>
  invoice.parts.reduce((sum, part) => sum + Math.max(0, part.amount - part.paid), 0);

/** What disputes about a part of an invoice come to, in minor units. */
export const disputedAmount = (holds: readonly HoldFacts[]): number =>
  holds.reduce((sum, { kind, amount }) => sum + (kind === 'dispute' ? (amount ?? 0) : 0), 0);

/** What is asked for: what is still owed and not disputed, in minor units. */
export const askedBalance = ({ invoice, holds }: Pick<EnrolmentFacts, 'invoice' | 'holds'>): number =>
  Math.max(0, openBalance(invoice) - disputedAmount(holds));

/** Whether all that is still owed is announced: then there is nothing to remind of, though nothing is settled. */
export const isPendingInFull = ({ parts }: InvoiceFacts): boolean =>
  parts.every(({ amount, paid, pending }) => paid + pending >= amount) &&
  parts.some(({ amount, paid }) => paid < amount);

/** Whether what was promised came in time; a payment taken back breaks it again. */
export const isKept = ({ amount, paid }: Pick<PromiseFacts, 'amount' | 'paid'>): boolean => paid >= amount;

/** What was paid on the invoice, in minor units. */
export const paidAmount = (invoice: InvoiceFacts): number =>
  invoice.parts.reduce((sum, part) => sum + Math.min(part.paid, part.amount), 0);
