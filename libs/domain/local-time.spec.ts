import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { parseDuration } from './duration.js';
import { formatInstant, parseInstant } from './instant.js';
import * as local from './local-time.js';

const ZONES = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'America/New_York',
  'America/Sao_Paulo',
  'Europe/Madrid',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Gaza',
];
const HOUR = 3_600_000;

function clockChangesOf(zone: string): number[] {
  const changes: number[] = [];
  let at = Temporal.Instant.from('1970-01-01T00:00Z').toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  for (; at && at.year < 2040; at = at.getTimeZoneTransition('next')) changes.push(at.epochMilliseconds);
  return changes;
}

const anyZone = fc.constantFrom(...ZONES);
const anywhen = fc.integer({ min: Date.UTC(1970, 0, 3), max: Date.UTC(2039, 11, 31) });
const nearClockChange = fc
  .constantFrom(
    ...ZONES.map((zone) => ({ zone, changes: clockChangesOf(zone) })).filter((z) => z.changes.length > 0),
  )
  .chain(({ zone, changes }) =>
    fc.tuple(fc.constant(zone), fc.constantFrom(...changes), fc.integer({ min: -26 * HOUR, max: 26 * HOUR })),
  )
  .map(([zone, change, shift]) => ({ zone, instant: change + shift }));
const zonedInstant = fc.oneof(nearClockChange, fc.record({ zone: anyZone, instant: anywhen }));
const anyDate = fc.integer({ min: -719_162 + 40_000, max: 2_932_896 - 40_000 }).map(local.dateOfEpochDay);

const zoned = (instant: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);

/** The rule of DESIGN.md, decision 2, said with Temporal alone. */
function referenceInstant(wall: Temporal.PlainDateTime, zone: string): number {
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds;
  return earlier.getTimeZoneTransition('next')!.epochMilliseconds;
}

describe('the wall clock of a zone', () => {
  it('agrees with Temporal on date and time, also next to clock changes', () => {
    fc.assert(
      fc.property(zonedInstant, ({ zone, instant }) => {
        const wall = zoned(instant, zone);
        expect(local.localDateOf(instant, zone)).toBe(wall.toPlainDate().toString());
        expect(local.localTimeOf(instant, zone)).toBe(wall.toPlainTime().toString().slice(0, 5));
        expect(local.minuteOfDay(instant, zone)).toBe(wall.hour * 60 + wall.minute);
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with Temporal on the instant of every wall-clock time, existing, skipped or repeated', () => {
    fc.assert(
      fc.property(zonedInstant, ({ zone, instant }) => {
        const wall = new Temporal.PlainDateTime(1970, 1, 1)
          .add({ milliseconds: instant })
          .with({ second: 0, millisecond: 0 });
        const time = wall.toPlainTime().toString().slice(0, 5);
        const actual = local.instantOf(wall.toPlainDate().toString(), time, zone);
        expect(formatInstant(actual)).toBe(formatInstant(referenceInstant(wall, zone)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('returns to the same instant by way of date and time, or to its first occurrence', () => {
    fc.assert(
      fc.property(zonedInstant, ({ zone, instant }) => {
        const back = local.instantOf(
          local.localDateOf(instant, zone),
          local.millisecondOfDay(instant, zone),
          zone,
        );
        expect(back).toBeLessThanOrEqual(instant);
        expect(local.millisecondOfDay(back, zone)).toBe(local.millisecondOfDay(instant, zone));
      }),
    );
  });

  it('never turns the order of wall-clock times around', () => {
    fc.assert(
      fc.property(nearClockChange, fc.nat(1439), fc.nat(1439), ({ zone, instant }, a, b) => {
        const date = local.localDateOf(instant, zone);
        const at = (minute: number): number => local.instantOf(date, minute * 60_000, zone);
        expect(at(Math.min(a, b))).toBeLessThanOrEqual(at(Math.max(a, b)));
      }),
    );
  });
});

describe('clock changes', () => {
  it.each([
    ['skips forward to the change itself', '2024-03-31', '02:30', 'Europe/Madrid', '2024-03-31T01:00:00Z'],
    [
      'takes the time that ends the gap as it is',
      '2024-03-31',
      '03:00',
      'Europe/Madrid',
      '2024-03-31T01:00:00Z',
    ],
    ['takes the first of a repeated hour', '2024-11-03', '01:30', 'America/New_York', '2024-11-03T05:30:00Z'],
    [
      'knows a shift of half an hour forward',
      '2024-10-06',
      '02:15',
      'Australia/Lord_Howe',
      '2024-10-05T15:30:00Z',
    ],
    [
      'knows a shift of half an hour back',
      '2024-04-07',
      '01:45',
      'Australia/Lord_Howe',
      '2024-04-06T14:45:00Z',
    ],
    ['knows a zone of half hours', '2024-01-01', '00:00', 'Asia/Kolkata', '2023-12-31T18:30:00Z'],
    ['moves a day skipped whole to the next', '2011-12-30', '10:00', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['knows a gap at midnight', '2018-11-04', '00:00', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    ['knows the pause of DST in Ramadan', '2024-04-14', '02:30', 'Africa/Casablanca', '2024-04-14T02:00:00Z'],
    ['knows a leap day', '2024-02-29', '09:00', 'Asia/Tokyo', '2024-02-29T00:00:00Z'],
  ])('%s: %s %s in %s', (_, date, time, zone, expected) => {
    expect(formatInstant(local.instantOf(date, time, zone))).toBe(expected);
  });

  it('starts a day at its first instant, which need not show 00:00', () => {
    const start = local.startOfDay('2018-11-04', 'America/Sao_Paulo');
    expect(local.localTimeOf(start, 'America/Sao_Paulo')).toBe('01:00');
    expect(local.localDateOf(start - 1, 'America/Sao_Paulo')).toBe('2018-11-03');
  });

  it('gives one instant its own date on each side of the date line', () => {
    const instant = parseInstant('2024-06-01T11:30:00Z');
    expect(local.localDateOf(instant, 'Pacific/Kiritimati')).toBe('2024-06-02');
    expect(local.localDateOf(instant, 'Pacific/Niue')).toBe('2024-06-01');
    expect(local.localDateOf(instant - HOUR, 'Pacific/Pago_Pago')).toBe('2024-05-31');
  });
});

describe('addToInstant', () => {
  const zone = 'Europe/Madrid';
  const add = (from: string, duration: string): string =>
    formatInstant(local.addToInstant(parseInstant(from), parseDuration(duration), zone));

  it('keeps the wall-clock time over a clock change when it counts days, not when it counts hours', () => {
    expect(add('2024-03-30T09:00:07.250Z', 'P1D')).toBe('2024-03-31T08:00:07.250Z');
    expect(add('2024-03-30T09:00:00Z', 'PT24H')).toBe('2024-03-31T09:00:00Z');
    expect(add('2024-03-30T09:00:00Z', 'P1DT2H')).toBe('2024-03-31T10:00:00Z');
  });

  it('leaves an instant in a repeated hour where it is when nothing is added', () => {
    expect(add('2024-10-27T01:30:00Z', 'P0D')).toBe('2024-10-27T01:30:00Z');
    expect(add('2024-10-27T01:30:00Z', 'PT5S')).toBe('2024-10-27T01:30:05Z');
  });
});

describe('dates', () => {
  it('agrees with Temporal on calendar arithmetic', () => {
    const parts = fc.record({ years: fc.nat(50), months: fc.nat(40), weeks: fc.nat(60), days: fc.nat(900) });
    fc.assert(
      fc.property(
        anyDate,
        parts,
        fc.constantFrom<1 | -1>(1, -1),
        (date, { years, months, weeks, days }, sign) => {
          const duration = parseDuration(`P${years}Y${months}M${weeks}W${days}D`);
          const theirs = Temporal.PlainDate.from(date);
          const amount = { years, months, weeks, days };
          const expected = sign > 0 ? theirs.add(amount) : theirs.subtract(amount);
          expect(local.addToDate(date, duration, { sign })).toBe(expected.toString());
          expect(local.addToDate(date, { ...duration, sign })).toBe(expected.toString());
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('agrees with Temporal on weekday and distance', () => {
    fc.assert(
      fc.property(anyDate, anyDate, (a, b) => {
        expect(local.weekdayOf(a)).toBe(Temporal.PlainDate.from(a).dayOfWeek);
        expect(local.daysBetween(a, b)).toBe(Temporal.PlainDate.from(a).until(b).days);
        expect(local.addDays(a, local.daysBetween(a, b))).toBe(b);
      }),
    );
  });

  it.each([
    ['2023-01-31', 'P1M', '2023-02-28'],
    ['2024-01-31', 'P1M', '2024-02-29'],
    ['2024-03-31', '-P1M', '2024-02-29'],
    ['2024-02-29', 'P1Y', '2025-02-28'],
    ['2024-01-15', '-P3M', '2023-10-15'],
    ['2013-01-29', '-P3D', '2013-01-26'],
  ])('%s moved by %s is %s', (date, duration, expected) => {
    expect(local.addToDate(date, parseDuration(duration))).toBe(expected);
  });

  it('refuses to move a date by the clock', () => {
    expect(() => local.addToDate('2024-01-01', parseDuration('P1DT2H'))).toThrow('cannot move by P1DT2H');
  });

  it('refuses a result outside the years 1 to 9999', () => {
    expect(() => local.addDays('9999-12-31', 1)).toThrow('stay within the years 1 to 9999');
    expect(() => local.addDays('0001-01-01', -1)).toThrow(RangeError);
    expect(() => local.addToDate('2024-01-01', parseDuration('P999999999Y'))).toThrow(RangeError);
    expect(() => local.addDays('2024-01-01', 0.5)).toThrow(RangeError);
  });
});

describe('what is no date, time or zone', () => {
  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-1-01',
    '0000-01-01',
    '2024-01-01T',
    'today',
    '',
  ])('%j is no date', (text) => {
    expect(local.isLocalDate(text)).toBe(false);
    expect(() => local.addDays(text, 1)).toThrow(
      `"${text}" is no date; write a day that exists like 2013-01-29`,
    );
  });

  it.each(['24:00', '10:60', '9:30', '10:00:00', '-1:00', ''])('%j is no time', (text) => {
    expect(local.isLocalTime(text)).toBe(false);
    expect(() => local.instantOf('2024-01-01', text, 'UTC')).toThrow('write it like 09:30');
  });

  it('knows what is one', () => {
    expect(['2024-02-29', '2000-02-29', '9999-12-31'].every(local.isLocalDate)).toBe(true);
    expect(['00:00', '09:30', '23:59'].every(local.isLocalTime)).toBe(true);
  });
});
