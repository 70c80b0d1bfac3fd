import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadPublicHolidays } from './holidays.js';
import { addWorkingDays, holidayCalendar } from './working-days.js';
import type { HolidayLookup } from './working-days.js';

let isHoliday: HolidayLookup;
beforeAll(async () => {
  isHoliday = await loadPublicHolidays();
});

describe('public holidays', () => {
  it.each([
    ['2013-12-25', 'US', null, true],
    ['2013-12-26', 'US', null, false],
    ['2021-12-31', 'US', null, true], // New Year 2022 fell on a Saturday
    ['2024-05-02', 'ES', 'MD', true],
    ['2024-05-02', 'ES', 'es-md', true],
    ['2024-05-02', 'ES', 'CT', false],
    ['2024-05-02', 'ES', null, false],
    ['2024-01-01', 'ES', 'nowhere', true],
    ['2024-01-01', 'es', null, true],
    ['2024-01-01', null, null, false],
    ['2024-01-01', 'ZZ', null, false],
  ])('%s in %s, %s: %s', (date, country, region, expected) => {
    expect(isHoliday(date, country, region)).toBe(expected);
  });

  it('counts every day of a holiday of several days, and no eve', () => {
    const days = ['2025-03-29', '2025-03-30', '2025-03-31', '2025-04-01', '2025-04-02'];
    expect(days.map((date) => isHoliday(date, 'TR', null))).toEqual([false, true, true, true, false]);
  });

  it('leaves half days working', () => {
    expect(isHoliday('2025-03-08', 'CN', null)).toBe(false);
  });

  it('are stepped over when working days are counted', () => {
    expect(addWorkingDays('2013-12-24', 1, holidayCalendar(isHoliday), 'US', null)).toBe('2013-12-26');
  });
});
