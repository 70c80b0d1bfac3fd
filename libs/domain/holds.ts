import type { Instant } from './instant.js';
import { addDays, localDateOf, startOfDay } from './local-time.js';

export const HOLD_KINDS = [
  'dispute',
  'promise',
  'plan',
  'hardship',
  'bankruptcy',
  'legal',
  'breathing_space',
  'deceased',
  'manual',
  'reply',
] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** What goes with a kind of hold. */
export interface HoldTraits {
  /** Whether it can only be about everything that a customer owes. */
  isOfCustomer: boolean;
  /** Whether somebody has to say what proves it. */
  needsEvidence: boolean;
  /** Days until it ends unless told otherwise; null: until it is released. */
  days: number | null;
  /** Whether fees and interest have to stand still meanwhile. */
  stopsFees: boolean;
}

const plain: HoldTraits = { isOfCustomer: false, needsEvidence: false, days: null, stopsFees: false };
const ofPerson: HoldTraits = { isOfCustomer: true, needsEvidence: true, days: null, stopsFees: true };

export const HOLD_TRAITS: Readonly<Record<HoldKind, HoldTraits>> = {
  /** Until it is answered (CONC 7.14, 940 CMR 7.08). */
  dispute: { ...plain, stopsFees: true },
  promise: plain,
  plan: { ...plain, stopsFees: true },
  hardship: { ...plain, isOfCustomer: true, stopsFees: true },
  bankruptcy: ofPerson,
  legal: plain,
  /**
   * Debt Respite Scheme (Breathing Space Moratorium and Mental Health Crisis Moratorium) Regulations 2020: 60 days without
   * contact for payment, interest or fees; in a mental-health crisis treatment and 30 days, whose end is not known beforehand.
   */
  breathing_space: { ...ofPerson, days: 60 },
  deceased: ofPerson,
  manual: plain,
  reply: plain,
};

/** When a hold ends unless told otherwise: its first day counts where the customer is; null: when it is released. */
export function endsByItself(kind: HoldKind, from: Instant, zone: string): Instant | null {
  const { days } = HOLD_TRAITS[kind];
  return days === null ? null : startOfDay(addDays(localDateOf(from, zone), days), zone);
}

/** Where a ladder goes on after a hold. `restart`: from its beginning, as a run of its own; `step`: at that one, and not at those before it. */
export type ResumeRule =
  { rule: 'same_step' } | { rule: 'next_step' } | { rule: 'restart' } | { rule: 'step'; step: string };

/** A hold that ended, and where the ladder goes on. */
export type Resumption = ResumeRule & { from: Instant; at: Instant };
