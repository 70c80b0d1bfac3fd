import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CURRENCIES } from './currency.js';
import {
  add,
  compare,
  formatAmount,
  money,
  parseAmount,
  percentageOf,
  splitEvenly,
  subtract,
  compareToDecimal,
} from './money.js';

const anyMinor = fc.maxSafeInteger();
const smallMinor = fc.integer({ min: -1e12, max: 1e12 });
const anyCurrency = fc.constantFrom(...CURRENCIES);

describe('parseAmount', () => {
  it.each([
    ['55.94', 'EUR', 5594],
    ['55.9', 'EUR', 5590],
    ['55', 'EUR', 5500],
    ['0.07', 'EUR', 7],
    ['-3.10', 'USD', -310],
    ['-0.00', 'USD', 0],
    ['007', 'JPY', 7],
    ['1.234', 'KWD', 1234],
    ['90071992547409.91', 'EUR', Number.MAX_SAFE_INTEGER],
  ])('reads %s %s as %d', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toBe(minor);
  });

  it('reads a decimal comma only when told to, and then no point', () => {
    expect(parseAmount('55,94', 'EUR', { decimal: ',' })).toBe(5594);
    expect(() => parseAmount('55.94', 'EUR', { decimal: ',' })).toThrow('write it like 1234,56');
    expect(() => parseAmount('55,94', 'EUR')).toThrow('"55,94" is no amount; write it like 1234.56');
  });

  it.each([
    '1,234.56',
    '1.234,56',
    '1 234',
    '1e3',
    'NaN',
    'Infinity',
    '',
    '.5',
    '5.',
    '+5',
    '--5',
    '€5',
    '5 ',
    '٥',
    '0x10',
    '5\n',
  ])('refuses %j', (text) => {
    expect(() => parseAmount(text, 'EUR')).toThrow(
      'without thousands separators, signs of currency or exponents',
    );
  });

  it('refuses decimals that the currency does not have', () => {
    expect(() => parseAmount('5.001', 'EUR')).toThrow('"5.001" has more decimals than EUR has (2)');
    expect(() => parseAmount('5.0', 'JPY')).toThrow('more decimals than JPY has (0); write it like 123456');
  });

  it('refuses what no safe integer holds', () => {
    expect(() => parseAmount('90071992547409.92', 'EUR')).toThrow('too large');
  });

  it('reads back what formatAmount wrote, in every currency', () => {
    fc.assert(
      fc.property(anyMinor, anyCurrency, (minor, currency) => {
        expect(parseAmount(formatAmount(minor, currency), currency)).toBe(minor + 0);
      }),
    );
  });
});

describe('formatAmount', () => {
  it.each([
    [5594, 'EUR', '55.94'],
    [-5, 'EUR', '-0.05'],
    [0, 'EUR', '0.00'],
    [-0, 'EUR', '0.00'],
    [100, 'JPY', '100'],
    [1, 'KWD', '0.001'],
  ])('writes %d %s as %s', (minor, currency, text) => {
    expect(formatAmount(minor, currency)).toBe(text);
  });

  it.each([0.5, NaN, Infinity, 2 ** 53])('refuses %d minor units', (minor) => {
    expect(() => formatAmount(minor, 'EUR')).toThrow('is no whole number of minor units');
    expect(() => money(minor, 'EUR')).toThrow(RangeError);
  });
});

describe('arithmetic', () => {
  it('adds, takes away and compares one currency', () => {
    fc.assert(
      fc.property(smallMinor, smallMinor, (a, b) => {
        const [x, y] = [money(a, 'EUR'), money(b, 'EUR')];
        expect(subtract(add(x, y), y)).toEqual({ minor: a + 0, currency: 'EUR' });
        expect(compare(x, y) + 0).toBe(Math.sign(a - b) + 0);
      }),
    );
  });

  it('refuses to mix currencies', () => {
    const [eur, usd] = [money(1, 'EUR'), money(1, 'USD')];
    for (const operation of [add, subtract, compare]) {
      expect(() => operation(eur, usd)).toThrow('cannot combine EUR with USD; keep one total per currency');
    }
  });

  it('refuses to lose precision', () => {
    expect(() => add(money(Number.MAX_SAFE_INTEGER, 'EUR'), money(1, 'EUR'))).toThrow(RangeError);
  });
});

describe('splitEvenly', () => {
  it('sums exactly, in parts that differ by one unit at most, the larger first', () => {
    fc.assert(
      fc.property(anyMinor, fc.integer({ min: 1, max: 120 }), (minor, n) => {
        const parts = splitEvenly(minor, n);
        expect(parts).toHaveLength(n);
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(minor));
        const sizes = parts.map(Math.abs);
        expect(sizes[0]! - sizes[n - 1]!).toBeLessThanOrEqual(1);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      }),
    );
  });

  it('gives 34, 33 and 33 of 100', () => {
    expect(splitEvenly(100, 3)).toEqual([34, 33, 33]);
  });

  it.each([0, -1, 1.5, NaN])('refuses %d parts', (n) => {
    expect(() => splitEvenly(100, n)).toThrow('write a whole number from 1');
  });
});

describe('percentageOf', () => {
  it.each([
    [10_000, 250, 250],
    [50, 100, 0], // 0.5 → 0
    [150, 100, 2], // 1.5 → 2
    [250, 100, 2], // 2.5 → 2
    [-150, 100, -2],
    [-50, 100, 0],
    [5594, 500, 280], // 279.7
    [Number.MAX_SAFE_INTEGER, 10_000, Number.MAX_SAFE_INTEGER],
  ])('of %d at %d basis points is %d', (minor, basisPoints, expected) => {
    expect(percentageOf(minor, basisPoints)).toBe(expected);
  });

  it('is never further than half a unit off, and even on the tie', () => {
    fc.assert(
      fc.property(anyMinor, fc.integer({ min: 0, max: 10_000 }), (minor, basisPoints) => {
        const result = percentageOf(minor, basisPoints);
        const error = BigInt(minor) * BigInt(basisPoints) - BigInt(result) * 10_000n;
        expect(error <= 5_000n && error >= -5_000n).toBe(true);
        if (error === 5_000n || error === -5_000n) expect(Math.abs(result % 2)).toBe(0);
      }),
    );
  });
});

describe('compareToDecimal', () => {
  it.each([
    [500, 'JPY', '500.00', 0],
    [500, 'JPY', '500.50', -1],
    [50_000, 'EUR', '500', 0],
    [50_001, 'EUR', '500.00', 1],
    [500_000, 'KWD', '500.0001', -1],
    [5_000_001, 'CLF', '500.0001', 0],
  ])('compares %i minor units of %s with %s', (minor, currency, amount, sign) => {
    expect(compareToDecimal(minor, currency, amount)).toBe(sign);
  });
});
