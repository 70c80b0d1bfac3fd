import { exponentOf } from './currency.js';

/**
 * An amount of one currency in whole minor units (cents; yen for JPY, fils for KWD). `minor` is a safe integer, up
 * to 9,007,199,254,740,991 either way; every function here checks it.
 */
export interface Money {
  minor: number;
  currency: string;
}

/** @throws RangeError when `minor` is no safe integer or the currency is none. */
export function money(minor: number, currency: string): Money {
  exponentOf(currency);
  return { minor: safe(minor), currency };
}

/**
 * Reads a decimal text into minor units, exactly: `"55.94"` of EUR is 5594. An optional minus, digits, and a point
 * (or a comma, if `decimal` says so) with at most the currency's decimals.
 *
 * @throws RangeError for thousands separators, exponents, too many decimals, or more than a safe integer holds.
 */
export function parseAmount(text: string, currency: string, options: { decimal?: '.' | ',' } = {}): number {
  const exponent = exponentOf(currency);
  const decimal = options.decimal ?? '.';
  const match = /^(-?)(\d+)(?:([.,])(\d+))?$/.exec(text);
  if (!match || (match[3] ?? decimal) !== decimal) throw new RangeError(unreadable(text, currency, decimal));
  const fraction = match[4] ?? '';
  if (fraction.length > exponent) {
    throw new RangeError(
      `"${text}" has more decimals than ${currency} has (${exponent}); ${writeLike(currency, decimal)}`,
    );
  }
  const minor = Number(match[2] + fraction.padEnd(exponent, '0'));
  if (!Number.isSafeInteger(minor))
    throw new RangeError(`"${text}" ${currency} is too large to count exactly`);
  return match[1] && minor !== 0 ? -minor : minor;
}

/** Minor units as the API's decimal text, always with the currency's decimals: `"55.94"`, `"-0.05"`, `"100"` of JPY. */
export function formatAmount(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(safe(minor))).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** @throws RangeError when the currencies differ or the sum is no safe integer. */
export function add(a: Money, b: Money): Money {
  return { minor: safe(a.minor + sameCurrency(a, b).minor), currency: a.currency };
}

/** @throws RangeError when the currencies differ or the difference is no safe integer. */
export function subtract(a: Money, b: Money): Money {
  return { minor: safe(a.minor - sameCurrency(a, b).minor), currency: a.currency };
}

/**
 * Negative, zero or positive as `a` is less than, equal to or more than `b`.
 *
 * @throws RangeError when the currencies differ.
 */
export const compare = (a: Money, b: Money): number => Math.sign(a.minor - sameCurrency(a, b).minor);

/** Sums minor units of one currency. @throws RangeError when a sum on the way is no safe integer. */
export const sumMinor = (amounts: readonly number[]): number =>
  amounts.reduce((total, minor) => safe(total + safe(minor)), 0);

/**
 * Splits an amount into `n` parts that differ by one minor unit at most and sum to it exactly; the earlier parts
 * take the remainder (largest remainder method).
 *
 * @throws RangeError when `n` is no whole number from 1.
 */
export function splitEvenly(minor: number, n: number): number[] {
  if (!Number.isInteger(n) || n < 1)
    throw new RangeError(`cannot split into ${n} parts; write a whole number from 1`);
  const base = Math.trunc(safe(minor) / n);
  const left = Math.abs(minor % n);
  const unit = minor < 0 ? -1 : 1;
  return Array.from({ length: n }, (_, i) => base + (i < left ? unit : 0) + 0);
}

/**
 * A share of an amount in basis points (250 = 2.5 %), rounded half to even, so that rounding favours neither side.
 *
 * @throws RangeError when an argument or the result is no safe integer.
 */
export function percentageOf(minor: number, basisPoints: number): number {
  const product = BigInt(safe(minor)) * BigInt(safe(basisPoints));
  const magnitude = product < 0n ? -product : product;
  const [whole, rest] = [magnitude / 10_000n, magnitude % 10_000n];
  const roundUp = rest > 5_000n || (rest === 5_000n && whole % 2n === 1n);
  const rounded = roundUp ? whole + 1n : whole;
  return safe(Number(product < 0n ? -rounded : rounded));
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) {
    throw new RangeError(`cannot combine ${a.currency} with ${b.currency}; keep one total per currency`);
  }
  return b;
}

function safe(minor: number): number {
  if (Number.isSafeInteger(minor)) return minor;
  throw new RangeError(
    `${minor} is no whole number of minor units that can be counted exactly; write one like 5594`,
  );
}

const unreadable = (text: string, currency: string, decimal: string): string =>
  `"${text}" is no amount; ${writeLike(currency, decimal)}, without thousands separators, signs of currency or exponents`;

const writeLike = (currency: string, decimal: string): string =>
  `write it like ${formatAmount(123_456, currency).replace('.', decimal)}`;

/** The most decimals a currency has (CLF, UYW). */
const MOST_DECIMALS = 4;

/**
 * Compares minor units with a decimal amount that may have more decimals than the currency: "500.00" is a threshold
 * for yen as well.
 *
 * @returns negative, zero or positive as the minor units are less, equal or more
 */
export function compareToDecimal(minor: number, currency: string, amount: string): number {
  const [whole = '0', decimals = ''] = amount.split('.');
  const threshold = BigInt(whole + decimals.padEnd(MOST_DECIMALS, '0').slice(0, MOST_DECIMALS));
  const scaled = BigInt(minor) * 10n ** BigInt(MOST_DECIMALS - exponentOf(currency));
  return scaled < threshold ? -1 : scaled > threshold ? 1 : 0;
}

/** As {@link parseAmount}; null for a text that does not fit the currency. */
export function minorOf(text: string, currency: string): number | null {
  try {
    return parseAmount(text, currency);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
