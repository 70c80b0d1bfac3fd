import type { DeliveryState } from '#domain/delivery.js';
import type { InboundReading } from '#domain/conversation.js';
import { formatInstant, type Instant, type LocalDate } from '#domain/instant.js';
import type { Medium } from '#domain/medium.js';
import { formatAmount } from '#domain/money.js';
import type { Scope } from '../scope.js';
import { retryOf } from './attempt-state.js';
import {
  type AttemptFacts,
  attemptSentence,
  type ContactFacts,
  contactSentence,
  deliverySentence,
  messageSentence,
  type TaskFacts,
  taskSentence,
} from './sentences.js';
import { TIMELINE } from './timeline-sql.js';

export const TIMELINE_KINDS = [
  'invoice', 'event', 'payment', 'credit_note', 'hold', 'promise', 'plan', 'enrolment', 'attempt', 'contact', 'delivery', 'message', 'task', 'stop',
] as const; // prettier-ignore
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** One moment in the life of an invoice. */
export interface TimelineEntry {
  /** On the organisation's clock. */
  at: string;
  kind: TimelineKind;
  /** What happened to it: `recorded`, `applied`, `released`; of an attempt its state. */
  what: string;
  /** Of the thing itself. */
  id: string;
  sentence: string;
  data: Record<string, unknown>;
}

export interface TimelinePage {
  entries: TimelineEntry[];
  /** For `after`; null: that was all. */
  next: string | null;
}

interface Row {
  at: Date;
  kind: TimelineKind;
  what: string;
  id: string;
  data: Record<string, unknown>;
  position: string;
}

/** Sorts as text: instant, order within it, then the thing. */
const POSITION = `to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '/' || lpad(t.rank::text, 2, '0') || '/' || t.id`;

/** All moments of invoice $2 of customer $3, each with its `position`: by that they are in order. */
export const TIMELINE_IN_ORDER = `select t.*, (${POSITION}) collate "C" as position from (${TIMELINE}) t`;

/** A moment as it is stored. */
export interface TimelineMoment {
  at: Instant;
  kind: TimelineKind;
  what: string;
  id: string;
  data: Record<string, unknown>;
}

/**
 * Facts, decisions, messages, tasks, holds and money of an invoice in one order of time.
 *
 * @param page `after`: the `next` of the page before
 * @returns null when there is no such invoice
 */
export async function readTimeline(
  { manager, organisationId, now }: Scope,
  invoiceId: string,
  page: { after: string | null; limit: number },
): Promise<TimelinePage | null> {
  const [invoice] = await manager.query<{ customer_id: string }[]>(
    'select customer_id from invoice where organisation_id = $1 and id = $2',
    [organisationId, invoiceId],
  );
  if (!invoice) return null;
  const rows = await manager.query<Row[]>(
    `select at, kind, what, id, data, position from (${TIMELINE_IN_ORDER}) placed
     where $4::text is null or position > $4 order by position limit $5`,
    [organisationId, invoiceId, invoice.customer_id, page.after, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  return {
    entries: shown.map(({ at, ...row }) => entryOf({ at: at.getTime(), ...row }, now)),
    next: rows.length > page.limit ? (shown.at(-1)?.position ?? null) : null,
  };
}

export const entryOf = ({ at, kind, what, id, data }: TimelineMoment, now: Instant): TimelineEntry => ({
  at: formatInstant(at),
  kind,
  what,
  id,
  sentence: SENTENCES[kind](what, data, now),
  data: kind === 'attempt' ? withRetry(data as unknown as AttemptData, now) : withAmount(data),
});

/** As the SQL builds it. */
type AttemptData = Omit<AttemptFacts, 'retry'> & { retryAt: Instant | null; zone: string };

function withRetry({ zone, ...data }: AttemptData, now: Instant): Row['data'] {
  const retry = retryOf({ ...data, zone }, now);
  return { ...data, retryAt: retry && formatInstant(retry.at) };
}

const stepSentence = (data: AttemptData, now: Instant): string =>
  attemptSentence({ ...data, retry: retryOf(data, now) });

/** Amounts leave as decimal texts, as everywhere in the API. */
function withAmount({ amountMinor, ...data }: Row['data']): Row['data'] {
  return typeof amountMinor === 'number'
    ? { ...data, amount: formatAmount(amountMinor, String(data['currency'])) }
    : data;
}

const money = ({ amountMinor, currency }: Row['data']): string =>
  `${formatAmount(Number(amountMinor), String(currency))} ${String(currency)}`;

const named = (word: string, { externalId }: Row['data']): string => `${word} ${String(externalId)}`;

type Sentence = (what: string, data: Row['data'], now: Instant) => string;

const EVENT_WORDS: Record<string, string> = {
  payment_failed: 'A payment failed.',
  milestone_completed: 'A milestone was completed.',
  invoice_viewed: 'The invoice was looked at.',
};

function invoiceSentence(what: string, data: Row['data']): string {
  const { fields } = data;
  switch (what) {
    case 'recorded':
      return `Invoice ${String(data['number'])} of ${money(data)}, due on ${String(data['dueOn'])}.`;
    case 'updated':
      return `The invoice was changed${Array.isArray(fields) ? `: ${fields.join(', ')}` : ''}.`;
    case 'reopened':
      return 'The invoice is owed again: what had settled it was taken back, or more is owed.';
    case 'document_changed':
      return 'The document of the invoice was changed.';
    default:
      return `The invoice was ${what.replaceAll('_', ' ')}.`;
  }
}

const moneySentence =
  (word: string): Sentence =>
  (what, data) => {
    if (what === 'taken_back') return `${money(data)} of ${named(word, data)} were taken back.`;
    return `${money(data)} of ${named(word, data)} ${what === 'announced' ? 'were announced' : 'were applied'}.`;
  };

const endedSentence = (data: Record<string, unknown>): string =>
  `The enrolment ended: ${String(data['reason']).replaceAll('_', ' ')}.`;

const withReason = (sentence: string, { reason }: Record<string, unknown>): string =>
  typeof reason === 'string' ? `${sentence} ${reason}` : sentence;

const ENROLMENT_WORDS: Record<string, (data: Record<string, unknown>) => string> = {
  enrolled: (data) => `Enrolled in "${String(data['campaign'])}", version ${String(data['version'])}.`,
  moved: (data) => `Moved to version ${String(data['version'])} of its campaign.`,
  paused: (data) => withReason('The enrolment was paused.', data),
  resumed: (data) => withReason('The enrolment was resumed.', data),
  campaign_paused: (data) => withReason('The campaign was paused.', data),
  campaign_resumed: (data) => withReason('The campaign was resumed.', data),
};

const SENTENCES: Record<TimelineKind, Sentence> = {
  invoice: invoiceSentence,
  event: (what, data) =>
    typeof data['milestone'] === 'string'
      ? `The milestone "${data['milestone']}" was completed${typeof data['dueOn'] === 'string' ? `: due on ${data['dueOn']}` : ''}.`
      : (EVENT_WORDS[what] ?? what),
  payment: moneySentence('payment'),
  credit_note: moneySentence('credit note'),
  hold: (what, data) => {
    const whole = data['wholeCustomer'] ? ' for all of the customer' : '';
    return what === 'released'
      ? `The hold "${String(data['hold'])}" was released.`
      : `On hold${whole}: ${String(data['hold'])}${typeof data['reason'] === 'string' ? `, ${data['reason']}` : ''}.`;
  },
  promise: (what, data) =>
    what === 'given'
      ? `The customer promised ${money(data)} by ${String(data['promisedOn'])}.`
      : `The promise for ${String(data['promisedOn'])} was cancelled.`,
  plan: (what, data) =>
    what === 'agreed'
      ? `${String(data['count'])} instalments were agreed, the last by ${String(data['lastDueOn'])}.`
      : `The plan of ${String(data['count'])} instalments was cancelled.`,
  stop: (what, data) =>
    what === 'stopped'
      ? `An emergency stop: nothing went out any more. ${String(data['reason'])}`
      : 'The emergency stop was released.',
  enrolment: (what, data) => (ENROLMENT_WORDS[what] ?? endedSentence)(data),
  // The SQL builds these objects with the names of the types.
  attempt: (_what, data, now) => stepSentence(data as unknown as AttemptData, now),
  contact: (_what, data) => contactSentence(data as unknown as ContactFacts),
  delivery: (what, data) => deliverySentence(data['medium'] as Medium, what as DeliveryState),
  message: (what, data) =>
    messageSentence(data['medium'] as Medium, what as InboundReading, data['returnsOn'] as LocalDate | null),
  task: (_what, data) => taskSentence(data as unknown as TaskFacts),
};
