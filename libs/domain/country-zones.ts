import { isZone, startOfDay } from './local-time.js';

/**
 * Where most people of a country with several time zones live (United Nations, World Population Prospects 2024, and the
 * countries' own figures by region). Of which zones there are, Node's Intl knows more (CLDR).
 */
const MOST_POPULOUS: Readonly<Record<string, string>> = {
  AR: 'America/Argentina/Buenos_Aires',
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CD: 'Africa/Kinshasa',
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  CY: 'Asia/Nicosia',
  DE: 'Europe/Berlin',
  EC: 'America/Guayaquil',
  ES: 'Europe/Madrid',
  FM: 'Pacific/Chuuk',
  GL: 'America/Nuuk',
  ID: 'Asia/Jakarta',
  KI: 'Pacific/Tarawa',
  KZ: 'Asia/Almaty',
  MH: 'Pacific/Majuro',
  MN: 'Asia/Ulaanbaatar',
  MX: 'America/Mexico_City',
  MY: 'Asia/Kuala_Lumpur',
  NZ: 'Pacific/Auckland',
  PF: 'Pacific/Tahiti',
  PG: 'Pacific/Port_Moresby',
  PS: 'Asia/Hebron',
  PT: 'Europe/Lisbon',
  RU: 'Europe/Moscow',
  UA: 'Europe/Kyiv',
  US: 'America/New_York',
  UZ: 'Asia/Tashkent',
};

/** Since Node 22 a method, before that a property. */
type LocaleWithZones = Intl.Locale & { timeZones?: string[]; getTimeZones?: () => string[] | undefined };

const known = new Map<string, readonly string[]>();

/**
 * The time zones of a country of which no two show the same clock, summer and winter; none of one that nobody knows.
 *
 * @param country ISO 3166-1 alpha-2
 */
export function zonesOfCountry(country: string): readonly string[] {
  const before = known.get(country);
  if (before) return before;
  const zones = onePerClock(allZonesOf(country));
  known.set(country, zones);
  return zones;
}

function allZonesOf(country: string): string[] {
  if (!/^[A-Z]{2}$/.test(country)) return [];
  const locale = new Intl.Locale(`und-${country}`) as LocaleWithZones;
  return (locale.getTimeZones?.() ?? locale.timeZones ?? []).filter(isZone);
}

const SAMPLES = ['2026-01-15', '2026-07-15'] as const;

const onePerClock = (zones: readonly string[]): string[] => [
  ...new Map(zones.map((zone) => [SAMPLES.map((day) => startOfDay(day, zone)).join(), zone])).values(),
];

/** Where most people of a country are, as an IANA name; null for a country that nobody knows the zones of. */
export function mainZoneOf(country: string): string | null {
  const main = MOST_POPULOUS[country];
  if (main !== undefined && isZone(main)) return main;
  return zonesOfCountry(country).at(0) ?? null;
}

/** `given`: somebody said so; `country`: where most people of it are; `organisation`: nobody knows more. */
export const ZONE_SOURCES = ['given', 'country', 'organisation'] as const;
export type ZoneSource = (typeof ZONE_SOURCES)[number];

/** The time zone of a customer, and where it is known from. */
export function zoneFor(
  { zone, country }: { zone?: string | null | undefined; country?: string | null | undefined },
  organisationZone: string,
): { zone: string; zoneSource: ZoneSource } {
  if (zone) return { zone, zoneSource: 'given' };
  const main = country ? mainZoneOf(country) : null;
  return main
    ? { zone: main, zoneSource: 'country' }
    : { zone: organisationZone, zoneSource: 'organisation' };
}
