import type { Instant } from '#domain/instant.js';
import { localDateOf, localTimeOf } from '#domain/local-time.js';
import type { HolidayLookup } from '#domain/working-days.js';
import { kindOf, type Place } from './opening.js';
import type { Objection } from './permit.js';
import type { BlackoutRule, CapRule, HoursRule, PolicyRule, SilenceRule, Window } from './policy.js';

/**
 * Why a contact is kept back, in a sentence: "At most 3 contacts in 7 days are allowed (Courteous); earliest Thursday
 * 5 March 09:00 in Madrid."
 *
 * @param earliest the first moment that every rule allows; null when there is none
 */
export function wordsOf(
  { policy, rule, place: there }: Omit<Objection, 'until'>,
  earliest: Instant | null,
  place: Place,
  isHoliday: HolidayLookup,
  now: Instant,
): string {
  const why = whyWords(rule, there, isHoliday, now);
  const whose = place.possibleZones?.length ? UNKNOWN_ZONE : '';
  const when =
    earliest === null
      ? 'no moment is open by all rules together'
      : `earliest ${momentWords(earliest, place.zone)}`;
  return `${why} (${policy.name})${whose}; ${when}.`;
}

const UNKNOWN_ZONE = ', where they may be';

function whyWords(rule: PolicyRule, place: Place, isHoliday: HolidayLookup, now: Instant): string {
  if (rule.kind === 'hours') return closedWords(rule, place, isHoliday, now);
  return rule.kind === 'blackout' ? blackoutWords(rule) : countWords(rule);
}

const blackoutWords = ({ from, to }: BlackoutRule): string =>
  from === to ? `Nothing on ${from}` : `Nothing from ${from} to ${to}`;

/** `Thursday 5 March 09:00 in Madrid`. */
export function momentWords(at: Instant, zone: string): string {
  const day = DAY_WORDS.format(new Date(`${localDateOf(at, zone)}T00:00:00Z`)).replace(',', '');
  return `${day} ${localTimeOf(at, zone)} in ${cityOf(zone)}`;
}

const DAY_WORDS = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});

/** The last part of an IANA name: `Madrid` of `Europe/Madrid`. */
const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

export const DAY_NAMES = {
  holiday: 'public holidays',
  sunday: 'Sundays',
  weekend: 'the weekend',
  weekday: 'weekdays',
};

function closedWords({ open }: HoursRule, place: Place, isHoliday: HolidayLookup, now: Instant): string {
  const kind = kindOf(localDateOf(now, place.zone), place, isHoliday);
  const hours = open[kind];
  return hours
    ? `It is ${localTimeOf(now, place.zone)} in ${cityOf(place.zone)}, and ${hours.from} to ${hours.to} is allowed`
    : `Nothing on ${DAY_NAMES[kind]}`;
}

/** `At most 3 contacts in 7 days` */
export function countWords(rule: CapRule | SilenceRule): string {
  const within = windowWords(rule.within);
  if (rule.kind === 'silence') return `Nothing within ${within} of a ${rule.after}`;
  const what = rule.media ? rule.media.map((medium) => WHAT[medium] ?? medium).join(' and ') : 'contacts';
  return `At most ${rule.max} ${rule.max === 1 ? singular(what) : what} in ${within}`;
}

const WHAT: Partial<Record<string, string>> = {
  call: 'calls',
  email: 'e-mails',
  sms: 'SMS',
  telegram: 'direct messages',
};

const singular = (words: string): string => words.replaceAll(/s\b/g, '');

function windowWords(window: Window): string {
  if (window.kind === 'elapsed')
    return window.hours % 24 === 0 && window.hours > 48
      ? `${window.hours / 24} days`
      : `${window.hours} hours`;
  return window.kind === 'days' ? `${window.days} days` : `a ${window.unit}`;
}
