import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  clockMs,
  durationMs,
  formatDuration,
  isClockDuration,
  isDuration,
  negate,
  parseDuration,
} from './duration.js';
import type { Duration } from './duration.js';

const zero: Duration = { sign: 1, years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };
const part = fc.oneof(fc.constant(0), fc.nat(999));
const anyDuration = fc
  .record({ years: part, months: part, weeks: part, days: part, hours: part, minutes: part, seconds: part })
  .chain((parts) => fc.constantFrom<1 | -1>(1, -1).map((sign): Duration => ({ ...parts, sign })))
  .map((duration) => parseDuration(formatDuration(duration)));

describe('parseDuration', () => {
  it.each([
    ['-P3D', { ...zero, sign: -1, days: 3 }],
    ['P1M', { ...zero, months: 1 }],
    ['PT5S', { ...zero, seconds: 5 }],
    ['P1DT2H', { ...zero, days: 1, hours: 2 }],
    ['+P2W', { ...zero, weeks: 2 }],
    ['-PT2H', { ...zero, sign: -1, hours: 2 }],
    [
      'P1Y2M3W4DT5H6M7S',
      { sign: 1, years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6, seconds: 7 },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected);
    expect(isDuration(text)).toBe(true);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '3D',
    'P-3D',
    'P1.5D',
    'P3d',
    'P1H',
    'P1D2W',
    ' P1D',
    'P1D\n',
    'P9999999999D',
  ])('refuses %j and says what to write', (text) => {
    expect(() => parseDuration(text)).toThrow(`"${text}" is no duration; write it like P3D or -PT2H`);
    expect(isDuration(text)).toBe(false);
  });

  it('gives zero no direction', () => {
    expect(parseDuration('-P0D')).toEqual(zero);
    expect(negate(zero)).toEqual(zero);
  });

  it('reads back what formatDuration wrote', () => {
    fc.assert(fc.property(anyDuration, (d) => expect(parseDuration(formatDuration(d))).toEqual(d)));
  });

  it('agrees with Temporal on every part', () => {
    fc.assert(
      fc.property(anyDuration, ({ sign, ...parts }) => {
        const theirs = Temporal.Duration.from(formatDuration({ sign, ...parts }));
        for (const [unit, n] of Object.entries(parts))
          expect(theirs[unit as keyof typeof parts] + 0).toBe(sign * n + 0);
      }),
    );
  });
});

describe('clock durations', () => {
  it.each([
    ['PT5S', 5_000],
    ['-PT2H', -7_200_000],
    ['PT1H30M', 5_400_000],
  ])('%s lasts %d ms', (text, ms) => {
    expect(isClockDuration(parseDuration(text))).toBe(true);
    expect(durationMs(parseDuration(text))).toBe(ms);
  });

  it.each(['P1D', 'P1DT2H', 'P1M'])('%s has no fixed length', (text) => {
    expect(isClockDuration(parseDuration(text))).toBe(false);
    expect(() => durationMs(parseDuration(text))).toThrow('which have no fixed length');
  });

  it('treats P0D and PT0S alike: no clock duration, no time', () => {
    for (const text of ['P0D', 'PT0S', '-PT0S']) {
      expect(isClockDuration(parseDuration(text))).toBe(false);
      expect(durationMs(parseDuration(text))).toBe(0);
    }
  });

  it('counts the clock part of a mixed duration alone', () => {
    expect(clockMs(parseDuration('-P1DT2H'))).toBe(-7_200_000);
  });
});

describe('negate', () => {
  it('undoes itself', () => {
    fc.assert(fc.property(anyDuration, (d) => expect(negate(negate(d))).toEqual(d)));
  });

  it('turns the direction around', () => {
    expect(formatDuration(negate(parseDuration('-P3D')))).toBe('P3D');
    expect(formatDuration(negate(parseDuration('P1DT2H')))).toBe('-P1DT2H');
  });
});
