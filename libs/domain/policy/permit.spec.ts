import fc from 'fast-check';
import { parseInstant } from '#domain/instant.js';
import type { Place } from './opening.js';
import { type Approach, permit, type PolicyFacts } from './permit.js';
import {
  approach,
  ask,
  at,
  MADRID,
  MOSCOW,
  NEW_YORK,
  noHolidays,
  policyOf,
  profile,
} from './policy.factory.js';
import type { ContactPolicy, PolicyRule } from './policy.js';
import { PROFILES } from './profiles.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = parseInstant('2026-01-01T00:00:00Z');

const LORD_HOWE: Place = { zone: 'Australia/Lord_Howe', country: 'AU', region: 'NSW' };
const KIRITIMATI: Place = { zone: 'Pacific/Kiritimati', country: 'KI', region: null };

describe('a permit', () => {
  it('is given at once where nothing binds', () => {
    expect(ask('2026-03-01 03:00', { policies: [], place: MADRID })).toEqual({
      at: at('2026-03-01 03:00', MADRID),
      objections: [],
    });
  });

  it('is by the strictest of all policies that bind, and names each rule that objects', () => {
    const policies = [profile('us-reg-f'), profile('courteous')];
    const permitted = ask('2026-03-01 21:30', { policies, place: NEW_YORK }, { medium: 'call' });
    expect(permitted.at).toBe(at('2026-03-02 09:00', NEW_YORK));
    expect(permitted.objections.map(({ policy, rule, until }) => [policy.key, rule.key, until])).toEqual([
      ['us-reg-f', 'hours', at('2026-03-02 08:00', NEW_YORK)],
      ['courteous', 'hours', at('2026-03-02 09:00', NEW_YORK)],
    ]);
  });

  it('never comes where hours contradict each other, and says which object', () => {
    const mornings: PolicyRule = {
      kind: 'hours',
      key: 'a',
      open: { weekday: { from: '08:00', to: '10:00' } },
    };
    const evenings: PolicyRule = {
      kind: 'hours',
      key: 'b',
      open: { weekday: { from: '18:00', to: '20:00' } },
    };
    const never = ask('2026-03-02 09:00', {
      policies: [policyOf(mornings), policyOf(evenings)],
      place: MADRID,
    });
    expect(never).toMatchObject({ at: null, objections: [{ rule: { key: 'b' } }] });
    const closed: PolicyRule = { kind: 'hours', key: 'c', open: {} };
    expect(ask('2026-03-02 09:00', { policies: [policyOf(closed)], place: MADRID })).toMatchObject({
      at: null,
      objections: [{ until: null }],
    });
  });

  const places = fc.constantFrom(MADRID, NEW_YORK, MOSCOW, LORD_HOWE, KIRITIMATI);
  const instants = fc.nat(365 * 24 * 60).map((minutes) => YEAR + minutes * 60_000);
  const media = fc.constantFrom('email', 'sms', 'telegram', 'call');
  const approaches: fc.Arbitrary<Approach> = fc.record({
    medium: media,
    personId: fc.constantFrom('ann', 'bob'),
    address: fc.constantFrom('one', 'two'),
    invoiceIds: fc.subarray(['INV-1', 'INV-2'], { minLength: 1 }),
  });
  const policies: fc.Arbitrary<ContactPolicy[]> = fc.subarray([...PROFILES], { minLength: 1 });
  const isHoliday = (day: string): boolean => day.endsWith('-01');

  /** Facts of the weeks before a moment. */
  const worlds = fc.tuple(places, instants).chain(([place, now]) => {
    const past = fc.nat(30 * 24 * 60).map((minutes) => now - minutes * 60_000);
    const facts: fc.Arbitrary<PolicyFacts> = fc.record({
      place: fc.constant(place),
      contacts: fc.array(
        fc.tuple(approaches, past).map(([made, moment]) => ({ ...made, at: moment })),
        { maxLength: 30 },
      ),
      conversations: fc.array(
        fc.record({
          at: past,
          personId: fc.constantFrom('ann', 'bob'),
          invoiceIds: fc.constantFrom(null, ['INV-1'], ['INV-2']),
        }),
        { maxLength: 3 },
      ),
      payments: fc.array(fc.record({ at: past, invoiceIds: fc.constant(['INV-1']) }), { maxLength: 3 }),
    });
    return fc.record({ now: fc.constant(now), facts });
  });

  it('is one by which no rule objects, and the first of that kind', () => {
    fc.assert(
      fc.property(worlds, policies, approaches, ({ now, facts }, bound, made) => {
        const { at: first, objections } = permit(bound, made, facts, isHoliday, now);
        if (first === null) throw new Error('The profiles never contradict each other.');
        expect(permit(bound, made, facts, isHoliday, first)).toEqual({ at: first, objections: [] });
        expect(objections.length === 0).toBe(first === now);
        for (const moment of [first - 1, first - 60_000, now + (first - now) / 2, now])
          if (moment >= now && moment < first)
            expect(permit(bound, made, facts, isHoliday, moment).objections).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is never earlier for one more policy, or one more contact', () => {
    fc.assert(
      fc.property(worlds, policies, approaches, approaches, ({ now, facts }, bound, made, before) => {
        const alone = permit(bound, made, facts, isHoliday, now).at ?? Infinity;
        const more = permit([...bound, profile('courteous')], made, facts, isHoliday, now).at ?? Infinity;
        const contacts = [...facts.contacts, { ...before, at: now - HOUR }];
        const later = permit(bound, made, { ...facts, contacts }, isHoliday, now).at ?? Infinity;
        expect(more).toBeGreaterThanOrEqual(alone);
        expect(later).toBeGreaterThanOrEqual(alone);
      }),
      { numRuns: 300 },
    );
  });

  it('counts no more of one person in any window than the cap, however often it is asked for', () => {
    fc.assert(
      fc.property(
        places,
        instants,
        fc.array(fc.nat(5_000), { minLength: 20, maxLength: 40 }),
        (place, now, gaps) => {
          const sent: number[] = [];
          let asked = now;
          for (const gap of gaps) {
            asked += gap * 60_000;
            const contacts = sent.map((moment) => ({ ...approach(), at: moment }));
            const facts = { place, contacts, conversations: [], payments: [] };
            const { objections } = permit([profile('courteous')], approach(), facts, noHolidays, asked);
            if (objections.length === 0) sent.push(asked);
          }
          for (const [index, moment] of sent.entries()) {
            expect(moment - (sent[index - 1] ?? -Infinity)).toBeGreaterThanOrEqual(DAY);
            expect(moment - (sent[index - 3] ?? -Infinity)).toBeGreaterThanOrEqual(7 * DAY);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
