import fc from 'fast-check';
import { local } from './facts.factory.js';
import { holdsSlot, nextDayFor, SLOT_VALID_MS } from './limits.js';
import { addDays, localDateOf, localTimeOf, startOfDay } from './local-time.js';

const HALF_AN_HOUR = 30 * 60_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Pacific/Auckland', 'Asia/Kolkata'];

const input = {
  now: local('2026-03-10 15:00'),
  organisationZone: 'Europe/Berlin',
  customerZone: 'Europe/Berlin',
  dueAt: local('2026-03-10 10:00'),
};

describe('a message that the ceiling of its day keeps back', () => {
  it('comes on the next day, at its own time or soon after', () => {
    const at = nextDayFor({ ...input, seed: 'one' });
    expect(at).toBeGreaterThanOrEqual(local('2026-03-11 10:00'));
    expect(at).toBeLessThan(local('2026-03-11 10:30'));
  });

  it('does not come before the day of its organisation has begun', () => {
    const organisationZone = 'America/Los_Angeles';
    const at = nextDayFor({ ...input, organisationZone, dueAt: local('2026-03-10 08:00'), seed: 'two' });
    expect(localTimeOf(at - HALF_AN_HOUR, organisationZone) > '23:00').toBe(true);
    expect(localDateOf(at, organisationZone)).toBe('2026-03-11');
  });

  it('does not come all at once', () => {
    const moments = Array.from({ length: 100 }, (_, n) => nextDayFor({ ...input, seed: `INV-${n}` }));
    expect(new Set(moments.map((at) => Math.floor(at / 60_000))).size).toBeGreaterThan(20);
  });

  it('never counts for the day that is full, and waits for two days at most', () => {
    const day = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
    const zone = fc.constantFrom(...ZONES);
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 0, max: 86_400_000 }),
        zone,
        zone,
        fc.string(),
        (now, ago, own, theirs, seed) => {
          const at = nextDayFor({ now, organisationZone: own, customerZone: theirs, dueAt: now - ago, seed });
          expect(at).toBeGreaterThanOrEqual(startOfDay(addDays(localDateOf(now, own), 1), own));
          expect(at - now).toBeLessThan(2 * 86_400_000 + 2 * HALF_AN_HOUR);
        },
      ),
    );
  });
});

describe('a place in the line', () => {
  const slot = { by: 'twilio +15005550006', at: 1_000 };
  it.each([
    [slot.by, 999, false],
    [slot.by, 1_000, true],
    [slot.by, 1_000 + SLOT_VALID_MS - 1, true],
    [slot.by, 1_000 + SLOT_VALID_MS, false],
    ['smtp a@example.test', 1_000, false],
  ])('of %s at %d is held: %s', (by, now, held) => {
    expect(holdsSlot(slot, by, now)).toBe(held);
  });
});
