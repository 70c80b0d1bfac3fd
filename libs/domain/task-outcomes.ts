import { isKept, type PromiseFacts } from './facts.js';
import { type Instant, type LocalDate, parseInstant } from './instant.js';
import { addDays, localDateOf, startOfDay } from './local-time.js';
import { type Medium, type MessageMedium, isMessageMedium } from './medium.js';
import { minorOf } from './money.js';
import type { TaskKind } from './task.js';

/** Outcomes that say all by their name. */
export type PlainOutcome =
  | 'reached'
  | 'no_answer'
  | 'voicemail'
  | 'third_party'
  | 'refused'
  | 'resend_invoice'
  | 'already_paid'
  | 'wrong_person'
  | 'answered'
  | 'approved'
  | 'declined'
  | 'handed_over';

interface Common {
  note?: string | undefined;
  /** Confirm what was agreed in writing, by this channel. */
  confirmBy?: MessageMedium | undefined;
}

/** What came of a task, in the words of the API: decimal text in the invoice's currency, ISO 8601 with offset. */
export type TaskOutcome = Common &
  (
    | { outcome: PlainOutcome }
    | { outcome: 'callback'; at: string }
    /** `phone`: as the agent wrote it; the number of the task when left out. */
    | { outcome: 'wrong_number'; phone?: string | undefined }
    | { outcome: 'promise'; amount: string; promisedOn: LocalDate }
    /** `amount`: the part of the invoice that is disputed; all of it when left out. */
    | { outcome: 'dispute'; reason: string; amount?: string | undefined }
  );

/** What of the world an outcome depends on. */
export interface TaskContext {
  now: Instant;
  /** The customer's, as an IANA name. */
  zone: string;
  /** What the invoice still owes, and what of it is disputed in part already, in minor units; null for a task about no invoice. */
  owed: { minor: number; currency: string; disputed?: number } | null;
  /** Of the invoice, in the order in which they were made. */
  promises: readonly Pick<PromiseFacts, 'amount' | 'paid'>[];
  /** Whether there is an enrolment that an answer can go out with. */
  enrolled: boolean;
  preferred: Medium | null;
  dueAt: Instant;
  /** How long the ladder waits for the outcome; null: not at all. */
  waitUntil: Instant | null;
  /** The contact point that the task is about; null for none. */
  pointId: string | null;
}

/** Amounts in minor units. */
export type TaskEffect =
  | { kind: 'promise'; amount: number; promisedOn: LocalDate; holdUntil: Instant }
  | { kind: 'dispute'; reason: string; amount: number | null }
  | { kind: 'invalid_phone'; phone: string | null }
  /** They say that it is paid: nothing is sent until then, when somebody looks whether it came. */
  | { kind: 'claim'; until: Instant }
  | { kind: 'wrong_person'; pointId: string }
  /** Somebody else goes on from here: nothing is sent about it any more. */
  | { kind: 'handed_over' }
  | { kind: 'call_again'; dueAt: Instant; waitUntil: Instant | null }
  | { kind: 'letter'; letter: 'answer' | 'confirmation'; template: LetterTemplate; medium: MessageMedium };

export type LetterTemplate = 'invoice-copy' | 'promise-confirmation' | 'agreement-confirmation';

/** `message` reads `what; remedy`. */
export interface OutcomeRefusal {
  reason:
    'in_the_past' | 'more_than_owed' | 'too_many_promises' | 'no_invoice' | 'not_enrolled' | 'invalid_value';
  field: string;
  message: string;
}

export type OutcomeResult = { ok: true; effects: TaskEffect[] } | { ok: false; refusal: OutcomeRefusal };

/** Outcomes of a question whether a message may go out, and of nothing else. */
const OF_APPROVAL: readonly TaskOutcome['outcome'][] = ['approved', 'declined'];

/** Outcomes by which somebody knows why a payment was charged back. */
const FOUND_OUT: readonly TaskOutcome['outcome'][] = [
  'reached',
  'refused',
  'promise',
  'dispute',
  'already_paid',
  'answered',
  'handed_over',
];

const FOUND_NOTHING: OutcomeRefusal = {
  reason: 'invalid_value',
  field: 'outcome',
  message: `finds out nothing about the charge-back; try again, or write one of ${FOUND_OUT.join(', ')} (answered: it is clear without them)`,
};

/** Why a task of this kind cannot end in this; null when it can. `message` reads `what; remedy`. */
export function misfit(kind: TaskKind, { outcome }: TaskOutcome): OutcomeRefusal | null {
  const asks = kind === 'approval';
  if (kind === 'chargeback' && !FOUND_OUT.includes(outcome)) return FOUND_NOTHING;
  if (asks === OF_APPROVAL.includes(outcome)) return null;
  const message = asks
    ? 'is no answer to whether a message may go out; a manager answers by POST …/approval'
    : 'is for a task that asks whether a message may go out; write what came of this one';
  return { reason: 'invalid_value', field: 'outcome', message };
}

/** What an outcome changes, or why it cannot be. Pure. */
export function effectsOf(outcome: TaskOutcome, context: TaskContext): OutcomeResult {
  const own = ownEffects(outcome, context);
  if (!Array.isArray(own)) return { ok: false, refusal: own };
  const confirmation = confirmationOf(outcome);
  if (!Array.isArray(confirmation)) return { ok: false, refusal: confirmation };
  const effects = [...own, ...confirmation];
  if (effects.some(({ kind }) => kind === 'letter') && !context.enrolled)
    return { ok: false, refusal: NOT_ENROLLED };
  return { ok: true, effects };
}

const NOT_ENROLLED: OutcomeRefusal = {
  reason: 'not_enrolled',
  field: 'confirmBy',
  message:
    'needs an invoice in a campaign, which sends it; enrol the invoice, or write to the customer yourself',
};

type Effects = TaskEffect[] | OutcomeRefusal;

function ownEffects(outcome: TaskOutcome, context: TaskContext): Effects {
  switch (outcome.outcome) {
    case 'reached':
    case 'no_answer':
    case 'voicemail':
    case 'third_party':
    case 'refused':
    case 'answered':
    case 'approved':
    case 'declined':
      return [];
    case 'handed_over':
      return context.owed ? [{ kind: 'handed_over' }] : NO_INVOICE;
    case 'already_paid':
      return [claim(context)];
    case 'wrong_person':
      return wrongPerson(context);
    case 'resend_invoice':
      return [invoiceCopy(outcome.confirmBy ?? context.preferred)];
    case 'callback':
      return callAgain(parseInstant(outcome.at), context);
    case 'wrong_number':
      return [{ kind: 'invalid_phone', phone: outcome.phone ?? null }];
    case 'promise':
      return promise(outcome.amount, outcome.promisedOn, context);
    case 'dispute':
      return dispute(outcome, context);
  }
}

/** Days that money may take from a payer to the books. */
export const CLAIM_DAYS = 7;

/** From the start of a day where the customer is. */
const claim = ({ now, zone }: TaskContext): TaskEffect => ({
  kind: 'claim',
  until: startOfDay(addDays(localDateOf(now, zone), CLAIM_DAYS), zone),
});

const wrongPerson = ({ pointId }: TaskContext): Effects =>
  pointId === null
    ? {
        reason: 'invalid_value',
        field: 'outcome',
        message: 'is for a task about what somebody wrote; write third_party or wrong_number',
      }
    : [{ kind: 'wrong_person', pointId }];

/** By the channel asked for, or the customer's own; a copy of an invoice needs one that carries messages. */
const invoiceCopy = (wanted: Medium | null): TaskEffect => ({
  kind: 'letter',
  letter: 'answer',
  template: 'invoice-copy',
  medium: wanted !== null && isMessageMedium(wanted) ? wanted : 'email',
});

/** The ladder waits for the second call as long as it would have waited for the first. */
function callAgain(at: Instant, { now, dueAt, waitUntil }: TaskContext): Effects {
  if (at <= now)
    return { reason: 'in_the_past', field: 'at', message: 'has passed; write when to call again' };
  return [{ kind: 'call_again', dueAt: at, waitUntil: waitUntil === null ? null : at + (waitUntil - dueAt) }];
}

/** After so many without one that was kept, another is no answer. */
const MOST_PROMISES = 4;

const NO_INVOICE: OutcomeRefusal = {
  reason: 'no_invoice',
  field: 'outcome',
  message: 'needs an invoice; record it on a task that has one',
};

/** The hold ends when the promised day has ended where the customer is: paying on it keeps the promise. */
function promise(text: string, promisedOn: LocalDate, { now, zone, owed, promises }: TaskContext): Effects {
  if (owed === null) return NO_INVOICE;
  if (promisedOn < localDateOf(now, zone)) {
    return { reason: 'in_the_past', field: 'promisedOn', message: 'has passed; write today or a later day' };
  }
  const amount = minorOf(text, owed.currency);
  if (amount === null) {
    const message = `does not fit ${owed.currency}; write fewer decimals`;
    return { reason: 'invalid_value', field: 'amount', message };
  }
  if (amount > owed.minor) {
    return {
      reason: 'more_than_owed',
      field: 'amount',
      message: 'is more than is owed; write at most what is open',
    };
  }
  if (promises.length - 1 - promises.findLastIndex(isKept) >= MOST_PROMISES) {
    return {
      reason: 'too_many_promises',
      field: 'outcome',
      message: `is the next after ${MOST_PROMISES} promises of which none was kept; write what they said as refused, with a note`,
    };
  }
  return [{ kind: 'promise', amount, promisedOn, holdUntil: startOfDay(addDays(promisedOn, 1), zone) }];
}

/** A dispute of a part lets the rest be asked for. */
function dispute(
  { reason, amount: text }: { reason: string; amount?: string | undefined },
  { owed }: TaskContext,
): Effects {
  if (text === undefined) return [{ kind: 'dispute', reason, amount: null }];
  const amount = owed && minorOf(text, owed.currency);
  if (owed === null)
    return { reason: 'no_invoice', field: 'amount', message: 'is of no invoice; leave it out' };
  if (amount === null) {
    const message = `does not fit ${owed.currency}; write fewer decimals`;
    return { reason: 'invalid_value', field: 'amount', message };
  }
  return amount > owed.minor - (owed.disputed ?? 0)
    ? {
        reason: 'more_than_owed',
        field: 'amount',
        message: 'is more than is owed and not disputed yet; write the part that is disputed',
      }
    : [{ kind: 'dispute', reason, amount: amount === owed.minor ? null : amount }];
}

/** Outcomes without anybody to agree with: a third party speaks for nobody who owes. */
const NOBODY_SPOKE: readonly TaskOutcome['outcome'][] = [
  'no_answer',
  'voicemail',
  'third_party',
  'wrong_number',
  'wrong_person',
  'answered',
  'approved',
  'declined',
  'handed_over',
];

/** Outcomes of a conversation with whoever owes. */
export const SPOKE: readonly TaskOutcome['outcome'][] = [
  'reached',
  'refused',
  'callback',
  'promise',
  'dispute',
  'already_paid',
  'resend_invoice',
];

function confirmationOf({ outcome, confirmBy }: TaskOutcome): Effects {
  if (confirmBy === undefined || outcome === 'resend_invoice') return [];
  if (NOBODY_SPOKE.includes(outcome)) {
    return {
      reason: 'invalid_value',
      field: 'confirmBy',
      message: 'confirms nothing, for nothing was agreed; leave it out',
    };
  }
  const template = outcome === 'promise' ? 'promise-confirmation' : 'agreement-confirmation';
  return [{ kind: 'letter', letter: 'confirmation', template, medium: confirmBy }];
}
