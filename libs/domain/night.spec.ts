import { parseInstant } from './instant.js';
import { nextNight } from './night.js';

describe('the next night', () => {
  it.each([
    ['never done, before it', '2026-03-02T00:30:00Z', null, 'Europe/Madrid', '2026-03-02T01:00:00Z'],
    ['never done, after it: at once', '2026-03-02T09:00:00Z', null, 'Europe/Madrid', '2026-03-02T09:00:00Z'],
    ['done today', '2026-03-02T09:00:00Z', '2026-03-02', 'Europe/Madrid', '2026-03-03T01:00:00Z'],
    [
      'missed for a week: once, at once',
      '2026-03-09T09:00:00Z',
      '2026-03-02',
      'Europe/Madrid',
      '2026-03-09T09:00:00Z',
    ],
    ['a night without 02:00', '2026-03-28T12:00:00Z', '2026-03-28', 'Europe/Madrid', '2026-03-29T01:00:00Z'],
    ['a night with two 02:00', '2026-10-24T12:00:00Z', '2026-10-24', 'Europe/Madrid', '2026-10-25T00:00:00Z'],
    ['half an hour off', '2026-03-01T21:00:00Z', '2026-03-02', 'Asia/Kolkata', '2026-03-02T20:30:00Z'],
    [
      'its own day, not that of UTC',
      '2026-03-02T23:00:00Z',
      '2026-03-02',
      'Pacific/Auckland',
      '2026-03-02T23:00:00Z',
    ],
  ])('%s', (_what, now, doneOn, zone, expected) => {
    expect(new Date(nextNight(parseInstant(now), doneOn, zone)).toISOString()).toBe(
      expected.replace('Z', '.000Z'),
    );
  });
});
