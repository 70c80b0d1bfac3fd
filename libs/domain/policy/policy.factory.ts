import type { Instant, LocalDate, LocalTime } from '#domain/instant.js';
import { instantOf, millisecondsOf } from '#domain/local-time.js';
import type { HolidayLookup } from '#domain/working-days.js';
import type { Place } from './opening.js';
import { type Approach, permit, type Permit, type PolicyFacts } from './permit.js';
import type { ContactPolicy, PolicyRule } from './policy.js';
import { PROFILES } from './profiles.js';

export const profile = (key: string): ContactPolicy => {
  const found = PROFILES.find((each) => each.key === key);
  if (!found) throw new Error(`There is no policy "${key}".`);
  return found;
};

export const policyOf = (...rules: PolicyRule[]): ContactPolicy => ({
  key: 'ours',
  name: 'Ours',
  source: 'the house',
  checkedOn: '2026-01-01',
  scope: {},
  rules,
});

export const NEW_YORK: Place = { zone: 'America/New_York', country: 'US', region: 'NY' };
export const BOSTON: Place = { zone: 'America/New_York', country: 'US', region: 'MA' };
export const MADRID: Place = { zone: 'Europe/Madrid', country: 'ES', region: 'MD' };
export const MOSCOW: Place = { zone: 'Europe/Moscow', country: 'RU', region: 'MOW' };

/** `2026-03-02 20:59:59` on the clock of a place. */
export const at = (text: string, { zone }: Pick<Place, 'zone'>): Instant => {
  const [date = '', time = '00:00:00'] = text.split(' ') as [LocalDate, LocalTime?];
  const [hours = '00', minutes = '00', seconds = '0'] = time.split(':');
  return instantOf(date, millisecondsOf(`${hours}:${minutes}`) + Number(seconds) * 1_000, zone);
};

export const approach = (overrides: Partial<Approach> = {}): Approach => ({
  medium: 'email',
  personId: 'ann',
  address: 'ann@example.test',
  invoiceIds: ['INV-1'],
  ...overrides,
});

export const noHolidays: HolidayLookup = () => false;

export interface Asked extends Partial<Omit<PolicyFacts, 'place'>> {
  policies: readonly ContactPolicy[];
  place: Place;
  isHoliday?: HolidayLookup;
}

/** Asks for a permit at a moment of the place's clock. */
export const ask = (
  now: string | Instant,
  { policies, place, isHoliday = noHolidays, contacts = [], conversations = [], payments = [] }: Asked,
  overrides: Partial<Approach> = {},
): Permit =>
  permit(
    policies,
    approach(overrides),
    { place, contacts, conversations, payments },
    isHoliday,
    typeof now === 'number' ? now : at(now, place),
  );
