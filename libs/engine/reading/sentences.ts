import type { Medium } from '#domain/medium.js';
import type { ContactState, TaskState } from '#domain/transitions.js';
import { byMedium, reasonsText, type StoredReason } from './words.js';

export interface AttemptFacts {
  stepKey: string;
  decision: 'sent' | 'task' | 'deferred' | 'merged' | 'suppressed';
  medium: Medium | null;
  variantKey: string | null;
  reasons: readonly StoredReason[];
  contact: Pick<ContactFacts, 'state' | 'outcomeCode'> | null;
}

/** What was decided about a step, and why. */
export function attemptSentence({
  stepKey,
  decision,
  medium,
  variantKey,
  reasons,
  contact,
}: AttemptFacts): string {
  const step = `Step "${stepKey}"`;
  switch (decision) {
    case 'sent': {
      const variant = variantKey && variantKey !== 'only' ? ` in variant "${variantKey}"` : '';
      return `${step} went out${byMedium(medium)}${variant}${contact ? `: ${outcomeWords(contact)}` : ''}.`;
    }
    case 'task':
      return `${step} became a task: somebody is to call.`;
    case 'merged':
      return `${step} went out within a statement of several invoices.`;
    case 'deferred':
      return `${step} is held back${byMedium(medium)}. ${reasonsText(reasons)}`.trim();
    case 'suppressed':
      return `${step} was not sent. ${reasonsText(reasons)}`.trim();
  }
}

export interface ContactFacts {
  kind: 'reminder' | 'statement' | 'answer' | 'confirmation' | 'receipt';
  medium: Medium;
  state: ContactState;
  outcomeCode: string | null;
  provider: string;
}

const CONTACT_WORDS: Record<ContactFacts['kind'], string> = {
  reminder: 'A reminder',
  statement: 'A statement',
  answer: 'An answer',
  confirmation: 'A confirmation',
  receipt: 'A receipt',
};

export const contactSentence = (contact: ContactFacts): string =>
  `${CONTACT_WORDS[contact.kind]}${byMedium(contact.medium)} through ${contact.provider}: ${outcomeWords(contact)}.`;

/** Without a full stop. */
export function outcomeWords({ state, outcomeCode }: Pick<ContactFacts, 'state' | 'outcomeCode'>): string {
  const code = outcomeCode ? ` (${outcomeCode})` : '';
  switch (state) {
    case 'attempting':
      return 'the provider is being called';
    case 'accepted':
      return 'the provider accepted it';
    case 'rejected':
      return `the provider refused it for good${code}`;
    case 'not_reached':
      return `the provider could not be reached${code}, so it did not go out`;
    case 'throttled':
      return `the provider asked to wait${code}, so it did not go out yet`;
    case 'unknown':
      return `no clear answer came${code}; it may have gone out, so it is not sent again`;
  }
}

export interface TaskFacts {
  kind: 'call' | 'follow_up' | 'hand_over';
  state: TaskState;
  stepKey: string | null;
  outcome: string | null;
}

const TASK_WORDS: Record<TaskFacts['kind'], string> = {
  call: 'A call',
  follow_up: 'A follow-up, the ladder being exhausted,',
  hand_over: 'A hand-over, the ladder being exhausted,',
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
