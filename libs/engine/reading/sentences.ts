import type { InboundReading } from '#domain/conversation.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import type { DeliveryState, Resolution } from '#domain/delivery.js';
import type { Medium } from '#domain/medium.js';
import { EMERGENCY_STOP } from '#domain/planning/holding.js';
import type { TaskKind } from '#domain/task.js';
import type { ContactState, TaskState } from '#domain/transitions.js';
import type { AttemptState } from './attempt-state.js';
import { byMedium, momentWords, reasonsText, type StoredReason } from './words.js';

export interface AttemptFacts {
  stepKey: string;
  state: AttemptState;
  medium: Medium | null;
  variantKey: string | null;
  reasons: readonly StoredReason[];
  contact: Pick<ContactFacts, 'state' | 'outcomeCode'> | null;
  /** Not before when it is tried again, and the customer's zone; null when it is not, or is due already. */
  retry: { at: Instant; zone: string } | null;
}

/** What became of a step, and why. */
export function attemptSentence({ state, ...attempt }: AttemptFacts): string {
  const { stepKey, medium, reasons, contact, retry } = attempt;
  const step = `Step "${stepKey}"`;
  const by = byMedium(medium);
  switch (state) {
    case 'sending':
      return `${step} is being sent${by}: the provider is being called.`;
    case 'sent':
      return `${step} went out${by}${variantWords(attempt)}: the provider accepted it. ${reasonsText(reasons)}`.trim();
    case 'not_delivered':
      return `${step} was not delivered to the provider${by}: ${failureWords(contact)}.${retryWords(retry)}`;
    case 'rejected':
      return `${step} was rejected${by}: the provider refused it for good${codeWords(contact)}.`;
    case 'unknown':
      return `Whether step "${stepKey}" went out${by} is unknown: no clear answer came${codeWords(contact)}. It is not sent again.`;
    case 'task':
      return `${step} became a task: somebody is to call. ${reasonsText(reasons)}`.trim();
    case 'merged':
      return `${step} is part of a statement of several invoices.`;
    case 'deferred':
      return `${step} is not sent yet. ${reasonsText(reasons)}`.trim();
    case 'suppressed':
      return `${step} was not sent. ${reasonsText(reasons)}`.trim();
  }
}

const variantWords = ({ variantKey }: Pick<AttemptFacts, 'variantKey'>): string =>
  variantKey && variantKey !== 'only' ? ` in variant "${variantKey}"` : '';

const codeWords = (contact: Pick<ContactFacts, 'outcomeCode'> | null): string =>
  contact?.outcomeCode ? ` (${contact.outcomeCode})` : '';

const failureWords = (contact: AttemptFacts['contact']): string =>
  `it ${contact?.state === 'throttled' ? 'asked to wait' : 'could not be reached'}${codeWords(contact)}`;

const retryWords = (retry: AttemptFacts['retry']): string =>
  retry ? ` It is tried again on ${momentWords(retry.at, retry.zone)}.` : '';

export interface ContactFacts {
  kind: 'reminder' | 'statement' | 'answer' | 'confirmation' | 'receipt';
  medium: Medium;
  state: ContactState;
  outcomeCode: string | null;
  provider: string;
  delivery?: DeliveryState | null;
  resolution?: Resolution | null;
}

const CONTACT_WORDS: Record<ContactFacts['kind'], string> = {
  reminder: 'A reminder',
  statement: 'A statement',
  answer: 'An answer',
  confirmation: 'A confirmation',
  receipt: 'A receipt',
};

export const contactSentence = (contact: ContactFacts): string =>
  `${CONTACT_WORDS[contact.kind]}${byMedium(contact.medium)} through ${contact.provider}: ${outcomeWords(contact)}${resolutionWords(contact)}.${deliveryWords(contact)}`;

const RESOLVED: Record<Resolution, string> = {
  receipt: ', as it told later',
  look_up: ', as it said when asked',
  treated_as_sent: '; nothing more was found out, and it counts as sent',
  released: '; nothing was found of it, and it may be sent once more',
};

const resolutionWords = ({ resolution }: ContactFacts): string => (resolution ? RESOLVED[resolution] : '');

/** What it did, in the words that follow "It" or "The message". */
const DELIVERY: Record<DeliveryState, string> = {
  accepted: 'was accepted',
  deferred: 'was put off by the receiving side',
  delivered: 'was delivered',
  opened: 'was opened',
  clicked: 'was read, for a link in it was followed',
  failed: 'could not be delivered',
  bounced: 'came back',
  unsubscribed: 'made its recipient unsubscribe',
  complained: 'was reported as spam',
};

export const deliverySentence = (medium: Medium, delivery: DeliveryState): string =>
  `The message${byMedium(medium)} ${DELIVERY[delivery]}.`;

const deliveryWords = ({ delivery }: ContactFacts): string => (delivery ? ` It ${DELIVERY[delivery]}.` : '');

/** What a message that came in means for the outreach. */
const RECEIVED: Record<InboundReading, string> = {
  person: 'A person wrote',
  automatic: 'An automatic reply came',
  stop: 'They asked for no more messages',
  start: 'They asked for messages again',
  opt_in: 'They opened a chat by their link, and want messages there',
  blocked: 'They blocked the bot',
  unblocked: 'They let the bot write again',
  ignored: 'A message of our own came back',
};

export const messageSentence = (
  medium: Medium,
  reading: InboundReading,
  returnsOn: LocalDate | null,
): string => `${RECEIVED[reading]}${byMedium(medium)}${returnsOn ? `: away until ${returnsOn}` : ''}.`;

/** Without a full stop. */
function outcomeWords(contact: Pick<ContactFacts, 'state' | 'outcomeCode' | 'resolution'>): string {
  const code = codeWords(contact);
  if (contact.resolution === 'released') return `no clear answer came${code}`;
  switch (contact.state) {
    case 'attempting':
      return 'the provider is being called';
    case 'accepted':
      return 'the provider accepted it';
    case 'rejected':
      return `the provider refused it for good${code}`;
    case 'not_reached':
      if (contact.outcomeCode === EMERGENCY_STOP)
        return 'an emergency stop came before the provider was called';
      return `the provider could not be reached${code}, so it did not go out`;
    case 'throttled':
      return `the provider asked to wait${code}, so it did not go out yet`;
    case 'unknown':
      return `no clear answer came${code}; it may have gone out, so it is not sent again`;
  }
}

export interface TaskFacts {
  kind: TaskKind;
  state: TaskState;
  stepKey: string | null;
  outcome: string | null;
}

const TASK_WORDS: Record<TaskFacts['kind'], string> = {
  call: 'A call',
  follow_up: 'A follow-up, the ladder being exhausted,',
  hand_over: 'A hand-over, the ladder being exhausted,',
  bad_address: 'The search for an address that works',
  reply: 'An answer to what the customer wrote',
  check_payment: 'A look whether the money came',
  allocate: 'The allocation of money that no invoice got',
  approval: 'The approval of a message',
  chargeback: 'The question why a payment was charged back',
};

export function taskSentence({ kind, state, stepKey, outcome }: TaskFacts): string {
  const what = `${TASK_WORDS[kind]}${stepKey ? ` for step "${stepKey}"` : ''}`;
  switch (state) {
    case 'open':
      return `${what} waits to be done.`;
    case 'done':
      return `${what} was done: ${(outcome ?? 'without an outcome').replaceAll('_', ' ')}.`;
    case 'expired':
      return `${what} was not done in time; the ladder went on.`;
    case 'cancelled':
      return `${what} was cancelled.`;
  }
}
