import { formatInstant, parseInstant } from '#domain/instant.js';
import { at, MADRID, NEW_YORK } from './policy.factory.js';
import { countsUntil } from './window.js';

const LORD_HOWE = { zone: 'Australia/Lord_Howe' };
const APIA = { zone: 'Pacific/Apia' };
const KATHMANDU = { zone: 'Asia/Kathmandu' };

describe('how long a contact counts', () => {
  it.each([
    // On the clock: the same length also where the day has 23 or 25 hours.
    ['2026-03-28 12:00', { kind: 'elapsed', hours: 24 }, MADRID, '2026-03-29 13:00'],
    ['2026-10-24 12:00', { kind: 'elapsed', hours: 24 }, MADRID, '2026-10-25 11:00'],
    // Half an hour of daylight saving.
    ['2026-04-04 12:00', { kind: 'elapsed', hours: 24 }, LORD_HOWE, '2026-04-05 11:30'],
    // Seven days, of which the first is the day itself: whatever the hour, until the eighth begins.
    ['2026-03-02 00:00', { kind: 'days', days: 7 }, NEW_YORK, '2026-03-09 00:00'],
    ['2026-03-02 23:59:59', { kind: 'days', days: 7 }, NEW_YORK, '2026-03-09 00:00'],
    ['2028-02-26 10:00', { kind: 'days', days: 7 }, NEW_YORK, '2028-03-04 00:00'],
    ['2026-07-01 23:59:59', { kind: 'calendar', unit: 'day' }, KATHMANDU, '2026-07-02 00:00'],
    // A day that Samoa left out, west of the date line.
    ['2011-12-29 10:00', { kind: 'calendar', unit: 'day' }, APIA, '2011-12-31 00:00'],
    ['2026-11-23 00:00', { kind: 'calendar', unit: 'week' }, MADRID, '2026-11-30 00:00'],
    ['2026-11-29 23:59:59', { kind: 'calendar', unit: 'week' }, MADRID, '2026-11-30 00:00'],
    ['2026-01-31 10:00', { kind: 'calendar', unit: 'month' }, MADRID, '2026-02-01 00:00'],
    ['2028-02-29 10:00', { kind: 'calendar', unit: 'month' }, MADRID, '2028-03-01 00:00'],
    ['2026-12-01 00:00', { kind: 'calendar', unit: 'month' }, MADRID, '2027-01-01 00:00'],
  ] as const)('%s %j in %j: until %s', (from, window, place, until) => {
    expect(formatInstant(countsUntil(at(from, place), window, place.zone))).toBe(
      formatInstant(at(until, place)),
    );
  });

  it('begins a day where the person is, not where the machine is', () => {
    const instant = parseInstant('2026-07-01T22:30:00Z');
    expect(countsUntil(instant, { kind: 'calendar', unit: 'day' }, 'Europe/Madrid')).toBe(
      parseInstant('2026-07-02T22:00:00Z'),
    );
    expect(countsUntil(instant, { kind: 'calendar', unit: 'day' }, 'America/New_York')).toBe(
      parseInstant('2026-07-02T04:00:00Z'),
    );
  });
});
