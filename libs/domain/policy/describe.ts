import { countWords, DAY_NAMES } from './explain.js';
import type { DayKind, Duty, HoursRule, PolicyRule } from './policy.js';

/** What a rule says, in words: "8 to 21 o'clock" is `08:00 to 21:00 on weekdays, the weekend, Sundays and public holidays`. */
export function ruleWords(rule: PolicyRule): string {
  switch (rule.kind) {
    case 'hours':
      return `${of(rule)}${openWords(rule)}`;
    case 'blackout':
      return `${of(rule)}nothing from ${rule.from} to ${rule.to}`;
    case 'cap':
      return `${countWords(rule)}, ${PER[rule.per]}`;
    case 'silence':
      return `${of(rule)}${lower(countWords(rule))}, ${PER[rule.per]}`;
  }
}

/** What a duty asks for. */
export function dutyWords(duty: Duty): string {
  switch (duty.kind) {
    case 'consent':
      return `${of(duty)}only with a consent on record`;
    case 'opt_out':
      return `${of(duty)}each message says how to get no more of them`;
    case 'kept':
      return duty.text;
  }
}

/** By what of Kindly a duty is kept. */
export function keptBy(duty: Duty): string {
  switch (duty.kind) {
    case 'consent':
      return 'the planner: an address without one is passed over (no_consent)';
    case 'opt_out':
      return 'the letter: a sentence is added where its template has none';
    case 'kept':
      return duty.by;
  }
}

const IN_ORDER: readonly DayKind[] = ['weekday', 'weekend', 'sunday', 'holiday'];
const PER = { debt: 'about a debt', person: 'to a person', address: 'to an address' };
const NAMES: Record<string, string> = {
  call: 'calls',
  email: 'e-mail',
  sms: 'SMS',
  telegram: 'direct messages',
};

const of = ({ media }: { media?: readonly string[] }): string =>
  media ? `${media.map((medium) => NAMES[medium] ?? medium).join(', ')}: ` : '';

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Days of the same hours together. */
function openWords({ open }: HoursRule): string {
  const byHours = new Map<string, string[]>();
  for (const kind of IN_ORDER) {
    const hours = open[kind];
    const words = hours ? `${hours.from} to ${hours.to}` : 'nothing';
    byHours.set(words, [...(byHours.get(words) ?? []), DAY_NAMES[kind]]);
  }
  return [...byHours].map(([hours, days]) => `${hours} on ${listed(days)}`).join('; ');
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
