import fc from 'fast-check';
import { formatDate, formatDays, formatMoney } from './format.js';

const plain = (text: string): string => text.replaceAll(/[\u00A0\u202F]/g, ' ');

describe('formatMoney', () => {
  it.each([
    [55_890, 'EUR', 'en', 2, '€558.90'],
    [55_890, 'RUB', 'ru', 2, '558,90 ₽'],
    [12_345_670, 'EUR', 'de', 2, '123.456,70 €'],
    [5_000, 'JPY', 'en', 0, '¥5,000'],
    [1_234, 'KWD', 'en', 3, 'KWD 1.234'],
    [5, 'EUR', 'en', 2, '€0.05'],
    [0, 'EUR', 'en', 2, '€0.00'],
    [-5, 'EUR', 'en', 2, '-€0.05'],
    [-55_890n, 'EUR', 'en', 2, '-€558.90'],
  ])('writes %s minor units of %s in %s', (minor, currency, locale, exponent, expected) => {
    expect(plain(formatMoney(minor, currency, locale, exponent))).toBe(expected);
  });

  it('loses no digit of any amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
        fc.constantFrom(0, 2, 3),
        (minor, exponent) => {
          const digits = formatMoney(minor, 'EUR', 'en', exponent).replaceAll(/\D/g, '');
          expect(BigInt(digits)).toBe(minor < 0n ? -minor : minor);
        },
      ),
    );
  });

  it('refuses a fraction of a minor unit', () => {
    expect(() => formatMoney(1.5, 'EUR', 'en', 2)).toThrow(RangeError);
  });
});

describe('formatDate', () => {
  it.each([
    ['2013-01-29', 'en', '29 January 2013'],
    ['2013-02-01', 'en-US', 'February 1, 2013'],
    ['2013-01-29', 'ru', '29 января 2013 г.'],
    ['2024-02-29', 'de', '29. Februar 2024'],
  ])('writes %s in %s with the month in words', (date, locale, expected) => {
    expect(plain(formatDate(date, locale))).toBe(expected);
  });

  it.each(['2013-02-30', '29.01.2013', '2013-1-29', '', '2013-01-29T00:00:00Z'])('refuses %j', (date) => {
    expect(() => formatDate(date, 'en')).toThrow(RangeError);
  });
});

describe('formatDays', () => {
  it.each([
    [1, 'en', '1 day'],
    [14, 'en', '14 days'],
    [1, 'ru', '1 день'],
    [2, 'ru', '2 дня'],
    [5, 'ru', '5 дней'],
    [11, 'ru', '11 дней'],
    [21, 'ru', '21 день'],
    [3, 'de', '3 Tage'],
  ])('says %s in %s', (days, locale, expected) => {
    expect(plain(formatDays(days, locale))).toBe(expected);
  });
});
