import type { Instant } from '#domain/instant.js';
import { localDateOf, localTimeOf } from '#domain/local-time.js';
import type { Medium } from '#domain/medium.js';

/** How a sentence says by what channel something goes. */
export const MEDIUM_WORDS: Record<Medium, string> = {
  email: 'by e-mail',
  sms: 'by SMS',
  telegram: 'by Telegram',
  call: 'by telephone',
};

export const byMedium = (medium: Medium | null): string =>
  medium === null ? '' : ` ${MEDIUM_WORDS[medium]}`;

/** A moment where the customer is. */
export const momentWords = (at: Instant, zone: string): string =>
  `${localDateOf(at, zone)} at ${localTimeOf(at, zone)} (${zone})`;

/** Rules that decide without writing a sentence of their own: the planner's. */
const RULE_WORDS: Record<string, string> = {
  balance: 'Nothing was owed on the invoice any more.',
  hold: 'The invoice was on hold.',
  rate_limit: 'Its sender may send only so fast.',
  daily_ceiling: "The organisation's messages of the day were used up.",
  provider_down: 'Its provider failed.',
  emergency_stop: 'An emergency stop held everything back.',
  unapplied_cash: 'Money of the customer was not allocated yet.',
  stale_books: 'The books were older than is allowed.',
  paused: 'The campaign or the enrolment was paused.',
  ended: 'Somebody ended the enrolment.',
  too_late: 'Its moment had passed.',
  not_approved: 'Nobody approved it in time.',
  never_allowed: 'No moment is open to it by the contact policies together.',
  not_due: 'Nothing of the invoice is due by the date that it speaks of, or all that is due is announced.',
  passed_over: 'A hold ended, and the ladder went on further up.',
  removed: 'The enrolment moved to a version of its campaign that lacks the step.',
  condition_not_met: "The step's condition did not hold.",
  no_address: 'No contact person had an address for its channels.',
  suppressed: 'The address may not be written to.',
  no_consent: 'Nobody has consented to messages by its channels.',
  undeliverable: 'No channel of the step could deliver it.',
};

export interface StoredReason {
  rule: string;
  text?: string;
}

/** A stored reason as a sentence. */
export const reasonText = ({ rule, text }: StoredReason): string =>
  text ?? RULE_WORDS[rule] ?? `Rule: ${rule}.`;

export const reasonsText = (reasons: readonly StoredReason[]): string => reasons.map(reasonText).join(' ');
