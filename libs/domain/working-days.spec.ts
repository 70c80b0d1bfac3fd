import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LocalDate } from './instant.js';
import { addDays, dateOfEpochDay, daysBetween } from './local-time.js';
import {
  addWorkingDays,
  holidayCalendar,
  isWeekend,
  rollToWorkingDay,
  weekendCalendar,
} from './working-days.js';

const FRIDAY = '2024-03-01';
const anyDate = fc.integer({ min: 10_000, max: 25_000 }).map(dateOfEpochDay);
const anyCountry = fc.constantFrom(null, 'ES', 'EG', 'IR', 'IN', 'AF');
const working = (date: LocalDate, country: string | null): boolean =>
  weekendCalendar.isWorkingDay(date, country, null);

describe('weekends', () => {
  it.each([
    ['ES', ['2024-03-02', '2024-03-03']],
    ['AE', ['2024-03-02', '2024-03-03']],
    ['EG', ['2024-03-01', '2024-03-02']],
    ['sa', ['2024-03-01', '2024-03-02']],
    ['AF', ['2024-02-29', '2024-03-01']],
    ['IR', ['2024-03-01']],
    ['IN', ['2024-03-03']],
    [null, ['2024-03-02', '2024-03-03']],
  ])('of %s are its own', (country, expected) => {
    const week = Array.from({ length: 7 }, (_, i) => addDays('2024-02-26', i));
    expect(week.filter((date) => isWeekend(date, country))).toEqual(expected);
  });
});

describe('addWorkingDays', () => {
  it('counts from the day after, over the weekend', () => {
    expect(addWorkingDays(FRIDAY, 1, weekendCalendar, 'ES', null)).toBe('2024-03-04');
    expect(addWorkingDays(FRIDAY, -5, weekendCalendar, 'ES', null)).toBe('2024-02-23');
    expect(addWorkingDays('2024-03-02', 1, weekendCalendar, 'ES', null)).toBe('2024-03-04');
    expect(addWorkingDays('2024-03-02', 0, weekendCalendar, 'ES', null)).toBe('2024-03-02');
  });

  it('lands on a working day with exactly that many working days passed', () => {
    fc.assert(
      fc.property(
        anyDate,
        fc.integer({ min: -40, max: 40 }).filter((n) => n !== 0),
        anyCountry,
        (date, n, country) => {
          const end = addWorkingDays(date, n, weekendCalendar, country, null);
          const step = Math.sign(n);
          const passed = Array.from({ length: Math.abs(daysBetween(date, end)) }, (_, i) =>
            addDays(date, (i + 1) * step),
          );
          expect(passed.at(-1)).toBe(end);
          expect(passed.filter((day) => working(day, country))).toHaveLength(Math.abs(n));
          expect(working(end, country)).toBe(true);
        },
      ),
    );
  });

  it('refuses part of a day', () => {
    expect(() => addWorkingDays(FRIDAY, 1.5, weekendCalendar, null, null)).toThrow('write a whole number');
  });
});

describe('rollToWorkingDay', () => {
  it('moves a weekend in its direction and leaves a working day alone', () => {
    fc.assert(
      fc.property(anyDate, anyCountry, (date, country) => {
        const next = rollToWorkingDay(date, 'next', weekendCalendar, country, null);
        const previous = rollToWorkingDay(date, 'previous', weekendCalendar, country, null);
        expect(working(next, country) && working(previous, country)).toBe(true);
        if (working(date, country)) expect([next, previous]).toEqual([date, date]);
        else expect([previous < date, date < next]).toEqual([true, true]);
      }),
    );
  });

  it('steps over the injected holidays of the place', () => {
    const calendar = holidayCalendar(
      (date, country, region) => date === '2024-05-02' && country === 'ES' && region === 'MD',
    );
    expect(rollToWorkingDay('2024-05-02', 'next', calendar, 'ES', 'MD')).toBe('2024-05-03');
    expect(rollToWorkingDay('2024-05-02', 'next', calendar, 'ES', 'CT')).toBe('2024-05-02');
  });

  it('gives up on a calendar without working days', () => {
    const never = holidayCalendar(() => true);
    expect(() => rollToWorkingDay(FRIDAY, 'next', never, 'ES', null)).toThrow(
      'no working day within 60 days of 2024-03-01 in ES',
    );
  });
});
