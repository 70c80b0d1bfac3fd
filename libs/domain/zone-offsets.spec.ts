import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { formatInstant } from './instant.js';
import { instantOf, localDateOf } from './local-time.js';
import { isZone, offsetAt, segmentAt } from './zone-offsets.js';

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Vienna',
  'Africa/Monrovia',
  'Africa/Tunis',
  'America/Recife',
  'Asia/Gaza',
];
const zonedInstant = fc.record({
  zone: fc.constantFrom(...ZONES),
  instant: fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2040, 0, 1) }),
});

const referenceOffset = (instant: number, zone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;

describe('offsets', () => {
  it('agree with Temporal since 1900, also where they count seconds or change twice in a fortnight', () => {
    fc.assert(
      fc.property(zonedInstant, ({ zone, instant }) => {
        expect(offsetAt(instant, zone)).toBe(referenceOffset(instant, zone));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are constant over a segment, which holds its instant', () => {
    fc.assert(
      fc.property(zonedInstant, ({ zone, instant }) => {
        const { from, to, offset } = segmentAt(instant, zone);
        expect(from <= instant && instant < to).toBe(true);
        expect([referenceOffset(from, zone), referenceOffset(to - 1, zone)]).toEqual([offset, offset]);
      }),
    );
  });

  it('refuse what is no instant', () => {
    for (const instant of [NaN, Infinity, 9e15])
      expect(() => offsetAt(instant, 'Europe/Madrid')).toThrow(RangeError);
  });
});

describe('zone names', () => {
  it('are those of the IANA database', () => {
    expect(ZONES.every(isZone)).toBe(true);
  });

  it.each(['Mars/Olympus', '+02:00', '', 'Europe/'])('do not include %j', (name) => {
    expect(isZone(name)).toBe(false);
    expect(() => offsetAt(0, name)).toThrow('write an IANA name like Europe/Madrid');
  });
});

describe("the machine's own zone", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is never read', () => {
    const asked = jest.fn(() => NaN);
    const getters = [
      'getTimezoneOffset',
      'getFullYear',
      'getMonth',
      'getDate',
      'getDay',
      'getHours',
      'getMinutes',
    ] as const;
    for (const getter of getters) jest.spyOn(Date.prototype, getter).mockImplementation(asked);
    const instant = instantOf('2013-01-29', '10:00', 'America/Argentina/Ushuaia');
    expect(formatInstant(instant)).toBe('2013-01-29T13:00:00Z');
    expect(localDateOf(instant, 'America/Argentina/Ushuaia')).toBe('2013-01-29');
    expect(asked).not.toHaveBeenCalled();
  });
});
