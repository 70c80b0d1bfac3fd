import { isCurrency } from '#domain/currency.js';
import { formatAmount, parseAmount } from '#domain/money.js';

/** A finding of a check across fields. `message` reads `what; remedy`. */
export interface Finding {
  path: readonly (string | number)[];
  message: string;
}

/**
 * Minor units of an amount that passed its own check; null when it is below zero, or the currency has fewer
 * decimals or is none (which the currency's own check says).
 */
export function minorOf(amount: string, currency: string): number | null {
  try {
    const minor = parseAmount(amount, currency);
    return minor < 0 ? null : minor;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Says which of these amounts have more decimals than the currency, or more digits than can be counted. */
export function amountFindings(
  currency: string,
  amounts: readonly (readonly [path: Finding['path'], amount: string | undefined])[],
): Finding[] {
  if (!isCurrency(currency)) return [];
  return amounts.flatMap(([path, amount]) =>
    amount === undefined || !/^\d+(\.\d+)?$/.test(amount) || minorOf(amount, currency) !== null
      ? []
      : [{ path, message: `does not fit ${currency}; write it like ${formatAmount(5594, currency)}` }],
  );
}
