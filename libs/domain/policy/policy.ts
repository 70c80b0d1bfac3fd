import type { LocalDate, LocalTime } from '#domain/instant.js';
import type { Medium } from '#domain/medium.js';

/** A dated, sourced set of rules about when and how often somebody may be contacted. */
export interface ContactPolicy {
  key: string;
  name: string;
  /** Where the rules are written. */
  source: string;
  /** When somebody last compared them with the source; null for rules that are their own source. */
  checkedOn: LocalDate | null;
  /** Null: nobody, unless a campaign names it. */
  scope: PolicyScope | null;
  /** When and how often. */
  rules: readonly PolicyRule[];
  /** What else it asks for; left out: nothing. */
  duties?: readonly Duty[];
}

/** Whom a policy binds; what is left out does not matter to it. */
export interface PolicyScope {
  customer?: 'person' | 'company';
  /** ISO 3166-1 alpha-2: one of these. */
  countries?: readonly string[];
  /** ISO 3166-2 without the country: `MA` of `US-MA`. */
  region?: string;
  /** Whether the creditor itself asks for its money, or somebody else for it. */
  party?: 'first' | 'third';
  stage?: 'before_due' | 'after_due';
}

/**
 * What a policy asks for besides. `consent`: nobody is written to by these media before they have consented. `opt_out`: each message
 * says how to get no more of them. `kept`: what Kindly does anyway, or never, as `by` says.
 */
export type Duty = OfMedia &
  ({ kind: 'consent' } | { kind: 'opt_out' } | { kind: 'kept'; text: string; by: string });

export type PolicyRule = HoursRule | BlackoutRule | CapRule | SilenceRule;

interface OfMedia {
  /** Unique within its policy: what reports count by. */
  key: string;
  /** What it is about; all where left out. */
  media?: readonly Medium[];
}

/** From `from` on, and no more at `to`, as the person's clock shows. */
export interface Hours {
  from: LocalTime;
  to: LocalTime;
}

export type DayKind = 'weekday' | 'weekend' | 'sunday' | 'holiday';

/** When it is allowed; a day without hours is closed. A holiday is one whatever the weekday, and so is a Sunday. */
export interface HoursRule extends OfMedia {
  kind: 'hours';
  open: Readonly<Partial<Record<DayKind, Hours>>>;
}

/** Nothing on these days of the person's calendar, the last included. */
export interface BlackoutRule extends OfMedia {
  kind: 'blackout';
  from: LocalDate;
  to: LocalDate;
}

/** Whose contacts count: about the same debt, with the same person, or at the same address. */
export type PolicyKey = 'debt' | 'person' | 'address';

/** At most `max` of these within the window; one or more. */
export interface CapRule extends OfMedia {
  kind: 'cap';
  max: number;
  within: Window;
  per: PolicyKey;
}

/** Nothing of these for a while after they spoke with us, or paid. */
export interface SilenceRule extends OfMedia {
  kind: 'silence';
  after: 'conversation' | 'payment';
  within: Window;
  per: 'debt' | 'person';
}

/**
 * How long something counts. `elapsed`: hours on the clock. `days`: so many consecutive days of the person's calendar,
 * of which the first is the day it happened on. `calendar`: until the next day, Monday or first of a month begins there.
 */
export type Window =
  | { kind: 'elapsed'; hours: number }
  | { kind: 'days'; days: number }
  | { kind: 'calendar'; unit: 'day' | 'week' | 'month' };
