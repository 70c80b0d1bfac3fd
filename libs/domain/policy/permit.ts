import type { Instant } from '#domain/instant.js';
import type { Medium } from '#domain/medium.js';
import type { HolidayLookup } from '#domain/working-days.js';
import { afterBlackout, nextOpening, type Place } from './opening.js';
import type { CapRule, ContactPolicy, PolicyKey, PolicyRule, SilenceRule } from './policy.js';
import { countsUntil } from './window.js';

/** Who is contacted about what, by which way. */
export interface Approach {
  medium: Medium;
  /** Null: whoever of the customer's it turns out to be, so that it counts for each of them. */
  personId: string | null;
  /** As it is compared: a telephone number in E.164, an e-mail address in lower case. Null: not known beforehand. */
  address: string | null;
  /** At least one. */
  invoiceIds: readonly string[];
}

/** What happened with a customer, as far as rules count it: no answers, confirmations or receipts. */
export interface PolicyFacts {
  place: Place;
  contacts: readonly (Approach & { at: Instant })[];
  /** Whoever began it. Without invoices it was about all of them. */
  conversations: readonly { at: Instant; personId: string | null; invoiceIds: readonly string[] | null }[];
  payments: readonly { at: Instant; invoiceIds: readonly string[] }[];
}

/** A rule that keeps a contact back, and until when by itself; null: for ever. */
export interface Objection {
  policy: ContactPolicy;
  rule: PolicyRule;
  /** By whose clock: one of those that may be theirs. */
  place: Place;
  until: Instant | null;
}

export interface Permit {
  /** The first instant at which no rule objects; null when there is none. */
  at: Instant | null;
  /** What objects now, in the order of the policies; empty when the contact may be made. */
  objections: Objection[];
}

/** More turns than rules can hand a contact on to each other before they let it through. */
const MOST_TURNS = 400;

/**
 * When somebody may be contacted, by the strictest of all rules that bind: deferred into a moment at which every
 * rule allows it, as far as is known now.
 */
export function permit(
  policies: readonly ContactPolicy[],
  approach: Approach,
  facts: PolicyFacts,
  isHoliday: HolidayLookup,
  now: Instant,
): Permit {
  const bound = boundBy(policies, approach, facts.place);
  const allowedFrom = ({ rule, place }: Bound, at: Instant): Instant | null => {
    if (rule.kind === 'hours') return nextOpening(rule, at, place, isHoliday);
    if (rule.kind === 'blackout') return afterBlackout(rule, at, place);
    return Math.max(
      ...subjectsOf(rule, approach).map((each) => firstBelow(rule, endsOf(rule, each, facts), at)),
    );
  };
  const at = firstAllowed(bound, allowedFrom, now);
  // Nowhere in common is it open: then it goes by where most people are.
  if (at === null && facts.place.possibleZones)
    return permit(policies, approach, { ...facts, place: known(facts.place) }, isHoliday, now);
  const objections = bound
    .map(({ policy, rule, place }) => ({
      policy,
      rule,
      place,
      until: allowedFrom({ policy, rule, place }, now),
    }))
    .filter(({ until }) => until !== now);
  return { at, objections: oncePerRule(objections) };
}

/** A rule that binds, and where the person is by whose clock it does. */
interface Bound {
  policy: ContactPolicy;
  rule: PolicyRule;
  place: Place;
}

/** Of somebody whose time zone is not known, rules about hours and days bind by every clock that may be theirs. */
function boundBy(policies: readonly ContactPolicy[], { medium }: Approach, place: Place): Bound[] {
  const places = place.possibleZones?.length
    ? place.possibleZones.map((zone) => ({ ...place, zone }))
    : [place];
  return policies.flatMap((policy) =>
    policy.rules
      .filter(({ media }) => media === undefined || media.includes(medium))
      .flatMap((rule): Bound[] =>
        placesOf(rule, place, places).map((there) => ({ policy, rule, place: there })),
      ),
  );
}

const placesOf = ({ kind }: PolicyRule, place: Place, places: readonly Place[]): readonly Place[] =>
  kind === 'hours' || kind === 'blackout' ? places : [place];

const known = ({ possibleZones: _any, ...place }: Place): Place => place;

function firstAllowed(
  bound: readonly Bound[],
  allowedFrom: (each: Bound, at: Instant) => Instant | null,
  now: Instant,
): Instant | null {
  let at = now;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    let latest = at;
    for (const each of bound) {
      const from = allowedFrom(each, latest);
      if (from === null) return null;
      latest = from;
    }
    if (latest === at) return at;
    at = latest;
  }
  return null;
}

/** The clock by which a rule objects longest speaks for it. */
function oncePerRule(objections: readonly Objection[]): Objection[] {
  const found = new Map<PolicyRule, Objection>();
  for (const each of objections) {
    const before = found.get(each.rule);
    if (!before || (each.until ?? Infinity) > (before.until ?? Infinity)) found.set(each.rule, each);
  }
  return [...found.values()];
}

/** What is about several debts must be allowed about each of them by itself. */
const subjectsOf = ({ per }: CapRule | SilenceRule, approach: Approach): Approach[] =>
  per === 'debt' ? approach.invoiceIds.map((id) => ({ ...approach, invoiceIds: [id] })) : [approach];

/** When what a rule counts ends to count. */
function endsOf(rule: CapRule | SilenceRule, approach: Approach, facts: PolicyFacts): Instant[] {
  const { zone } = facts.place;
  return countedBy(rule, approach, facts).map((at) => countsUntil(at, rule.within, zone));
}

function countedBy(
  rule: CapRule | SilenceRule,
  approach: Approach,
  { contacts, conversations, payments }: PolicyFacts,
): Instant[] {
  if (rule.kind === 'cap')
    return contacts
      .filter(({ medium }) => rule.media === undefined || rule.media.includes(medium))
      .filter((contact) => isSame(rule.per, contact, approach))
      .map(({ at }) => at);
  if (rule.after === 'payment')
    return payments
      .filter(({ invoiceIds }) => rule.per === 'person' || isAbout(invoiceIds, approach))
      .map(({ at }) => at);
  return conversations
    .filter(({ personId, invoiceIds }) =>
      rule.per === 'person'
        ? isSamePerson({ personId, address: null }, approach)
        : invoiceIds === null || isAbout(invoiceIds, approach),
    )
    .map(({ at }) => at);
}

const isAbout = (invoiceIds: readonly string[], approach: Approach): boolean =>
  invoiceIds.some((id) => approach.invoiceIds.includes(id));

const isSame = (per: PolicyKey, one: Approach, other: Approach): boolean => {
  switch (per) {
    case 'debt':
      return isAbout(one.invoiceIds, other);
    case 'person':
      return isSamePerson(one, other);
    case 'address':
      return one.address !== null && one.address === other.address;
  }
};

/** Two customers' people with one address are one person: it rings where it rings. */
const isSamePerson = (
  one: Pick<Approach, 'personId' | 'address'>,
  other: Pick<Approach, 'personId' | 'address'>,
): boolean =>
  one.personId === null ||
  other.personId === null ||
  one.personId === other.personId ||
  (one.address !== null && one.address === other.address);

/** When fewer than `max` of them count, from `at` on; a silence lets nothing through while one does. */
function firstBelow(rule: CapRule | SilenceRule, ends: readonly Instant[], at: Instant): Instant {
  const max = rule.kind === 'cap' ? rule.max : 1;
  const counting = ends.filter((end) => end > at).sort((one, other) => one - other);
  return counting.length < max ? at : (counting[counting.length - max] ?? at);
}
