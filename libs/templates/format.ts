import { Lru } from './lru.js';

const moneyFormats = new Lru<string, Intl.NumberFormat>(256);
const dateFormats = new Lru<string, Intl.DateTimeFormat>(64);
const dayFormats = new Lru<string, Intl.NumberFormat>(64);

/**
 * An amount in the reader's notation, as `$558.90` or `558,90 ₽`; exact for every integer.
 * @param minor integer minor units
 * @param exponent the currency's number of decimals by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD
 */
export function formatMoney(
  minor: number | bigint,
  currency: string,
  locale: string,
  exponent: number,
): string {
  const format = moneyFormats.getOrCreate(
    `${locale}|${currency}|${exponent}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        minimumFractionDigits: exponent,
        maximumFractionDigits: exponent,
      }),
  );
  return format.format(decimalOf(minor, exponent));
}

/** A decimal string, because a double cannot hold every amount. */
function decimalOf(minor: number | bigint, exponent: number): `${number}` {
  if (typeof minor === 'number' && !Number.isSafeInteger(minor)) {
    throw new RangeError(`An amount is a whole number of minor units, not ${minor}`);
  }
  const digits = String(minor)
    .replace('-', '')
    .padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${minor < 0 ? '-' : ''}${whole}${fraction}` as `${number}`;
}

/**
 * A calendar date with the month in words, so that day and month cannot be mistaken for each other:
 * `29 January 2013`, `29 января 2013 г.`
 * @param localDate `YYYY-MM-DD`, as it stands on the customer's calendar; no time zone is applied
 */
export function formatDate(localDate: string, locale: string): string {
  const format = dateFormats.getOrCreate(
    locale,
    () =>
      new Intl.DateTimeFormat(withoutUsOrder(locale), {
        dateStyle: 'long',
        timeZone: 'UTC',
        calendar: 'gregory',
      }),
  );
  return format.format(utcMidnight(localDate));
}

/** Plain `en` means no country; day-first is what most of its readers expect. `en-US` keeps its own order. */
const withoutUsOrder = (locale: string): string => (locale === 'en' ? 'en-GB' : locale);

function utcMidnight(localDate: string): Date {
  const date = new Date(`${localDate}T00:00:00Z`);
  const isReal = /^\d{4}-\d{2}-\d{2}$/.test(localDate) && !Number.isNaN(date.getTime());
  if (!isReal || date.toISOString().slice(0, 10) !== localDate) {
    throw new RangeError(`Not a calendar date in the form YYYY-MM-DD: ${localDate}`);
  }
  return date;
}

/** A number of days in words, by the plural rules of the language: `1 day`, `14 days`, `2 дня`, `5 дней`. */
export function formatDays(days: number, locale: string): string {
  const format = dayFormats.getOrCreate(
    locale,
    () =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: 'day',
        unitDisplay: 'long',
        maximumFractionDigits: 0,
      }),
  );
  return format.format(days);
}
