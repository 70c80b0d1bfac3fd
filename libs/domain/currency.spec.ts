import { describe, expect, it } from '@jest/globals';
import { CURRENCIES, exponentOf, isCurrency } from './currency.js';

describe('currencies', () => {
  it.each([
    ['EUR', 2],
    ['USD', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['HUF', 2],
    ['KWD', 3],
    ['OMR', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s has %d decimals', (code, exponent) => {
    expect(exponentOf(code)).toBe(exponent);
  });

  it.each(['eur', 'EURO', 'XAU', 'XXX', '', 'toString'])(
    '%j is none, and the message says what is',
    (code) => {
      expect(isCurrency(code)).toBe(false);
      expect(() => exponentOf(code)).toThrow(
        `"${code}" is no currency; write an ISO 4217 code in capitals like EUR`,
      );
    },
  );

  it('lists three capitals each, none twice', () => {
    expect(CURRENCIES.every((code) => /^[A-Z]{3}$/.test(code) && isCurrency(code))).toBe(true);
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
  });
});
