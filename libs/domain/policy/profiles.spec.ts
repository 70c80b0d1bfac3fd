import { POLICIES } from '#domain/campaign/document.js';
import { formatInstant } from '#domain/instant.js';
import { addDays } from '#domain/local-time.js';
import type { Medium } from '#domain/medium.js';
import type { Place } from './opening.js';
import { approach, ask, at, BOSTON, MADRID, MOSCOW, NEW_YORK, profile } from './policy.factory.js';
import type { Approach } from './permit.js';
import { PROFILES } from './profiles.js';

const FLORIDA: Place = { zone: 'America/New_York', country: 'US', region: 'FL' };
const LONDON: Place = { zone: 'Europe/London', country: 'GB', region: null };
const PHOENIX: Place = { zone: 'America/Phoenix', country: 'US', region: 'AZ' };

const made = (place: Place, moments: readonly string[], overrides: Partial<Approach> = {}) =>
  moments.map((moment) => ({ ...approach(overrides), at: at(moment, place) }));

/** `moments` of one day after another at noon. */
const daysFrom = (day: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${addDays(day, index)} 12:00`);

describe('every profile', () => {
  it.each(PROFILES.map((each) => [each.key, each] as const))(
    '%s names its source and its day',
    (_, policy) => {
      expect(policy.source).not.toBe('');
      expect(policy.checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
      const named = [...policy.rules, ...(policy.duties ?? [])];
      expect(named).not.toEqual([]);
      expect(new Set(named.map(({ key }) => key)).size).toBe(named.length);
    },
  );

  it('that asks for something of its own can be named by a campaign', () => {
    const asking = PROFILES.filter(
      ({ rules, duties = [] }) => rules.length > 0 || duties.some(({ kind }) => kind !== 'kept'),
    );
    expect(['none', ...asking.map(({ key }) => key)]).toEqual([...POLICIES]);
  });
});

describe('hours of a profile', () => {
  it.each([
    ['courteous', MADRID, 'email', '2026-03-02 08:59:59', '2026-03-02 09:00'],
    ['courteous', MADRID, 'email', '2026-03-02 09:00', null],
    ['courteous', MADRID, 'email', '2026-03-02 19:59:59', null],
    ['courteous', MADRID, 'email', '2026-03-02 20:00', '2026-03-03 09:00'],
    // A Saturday evening: Sunday is closed.
    ['courteous', MADRID, 'call', '2026-03-07 20:00', '2026-03-09 09:00'],
    ['us-reg-f', NEW_YORK, 'email', '2026-03-02 07:59:59', '2026-03-02 08:00'],
    ['us-reg-f', NEW_YORK, 'sms', '2026-03-02 08:00', null],
    ['us-reg-f', NEW_YORK, 'call', '2026-03-02 20:59:59', null],
    ['us-reg-f', NEW_YORK, 'call', '2026-03-02 21:00:00', '2026-03-03 08:00'],
    // Clocks go forward and back that night.
    ['us-reg-f', NEW_YORK, 'call', '2026-03-07 21:00:00', '2026-03-08 08:00'],
    ['us-reg-f', NEW_YORK, 'call', '2026-10-31 21:00:00', '2026-11-01 08:00'],
    ['us-reg-f', PHOENIX, 'call', '2026-03-07 21:00:00', '2026-03-08 08:00'],
    ['us-ma', BOSTON, 'call', '2026-03-02 20:59:59', null],
    ['us-ma', BOSTON, 'sms', '2026-03-02 21:00', '2026-03-03 08:00'],
    ['us-ma', BOSTON, 'email', '2026-03-02 21:00', null],
    ['us-fl', FLORIDA, 'call', '2026-03-02 07:59:59', '2026-03-02 08:00'],
    ['us-fl', FLORIDA, 'sms', '2026-03-02 20:59:59', null],
    ['us-fl', FLORIDA, 'telegram', '2026-03-02 21:00', '2026-03-03 08:00'],
    ['us-fl', FLORIDA, 'email', '2026-03-02 23:00', null],
    ['us-nyc', NEW_YORK, 'call', '2026-03-02 03:00', null],
    ['uk-conc', LONDON, 'sms', '2026-03-02 07:59:59', '2026-03-02 08:00'],
    ['uk-conc', LONDON, 'email', '2026-03-02 19:59:59', null],
    ['uk-conc', LONDON, 'call', '2026-03-07 08:59:59', '2026-03-07 09:00'],
    // A Saturday evening, and the Sunday on which clocks go forward.
    ['uk-conc', LONDON, 'call', '2026-03-28 19:00', '2026-03-30 08:00'],
    ['ru-230-fz', MOSCOW, 'sms', '2026-03-02 07:59:59', '2026-03-02 08:00'],
    ['ru-230-fz', MOSCOW, 'sms', '2026-03-02 21:59:59', null],
    ['ru-230-fz', MOSCOW, 'call', '2026-03-02 22:00', '2026-03-03 08:00'],
    ['ru-230-fz', MOSCOW, 'call', '2026-03-07 08:59:59', '2026-03-07 09:00'],
    ['ru-230-fz', MOSCOW, 'call', '2026-03-07 19:59:59', null],
    ['ru-230-fz', MOSCOW, 'call', '2026-03-08 20:00', '2026-03-09 08:00'],
  ] as const)('%s %j by %s at %s: %s', (key, place, medium, now, until) => {
    const permit = ask(now, { policies: [profile(key)], place }, { medium });
    expect(permit.at).toBe(at(until ?? now, place));
    expect(permit.objections.map(({ rule }) => rule.key)).toEqual(until === null ? [] : ['hours']);
  });

  it.each([
    ['courteous', MADRID, '2026-04-03 12:00', '2026-04-04 09:00'],
    ['ru-230-fz', MOSCOW, '2026-05-01 08:30', '2026-05-01 09:00'],
  ] as const)('%s know public holidays: %j %s', (key, place, now, until) => {
    const isHoliday = (day: string): boolean => ['2026-04-03', '2026-05-01'].includes(day);
    expect(ask(now, { policies: [profile(key)], place, isHoliday }).at).toBe(at(until, place));
  });

  it('are of the day that it is where the person is', () => {
    // Monday in Auckland, still Sunday in Madrid.
    const now = at('2026-03-02 09:30', { zone: 'Pacific/Auckland' });
    const place: Place = { zone: 'Pacific/Auckland', country: 'NZ', region: null };
    expect(ask(now, { policies: [profile('courteous')], place }).at).toBe(now);
    expect(ask(now, { policies: [profile('courteous')], place: MADRID }).at).toBe(
      at('2026-03-02 09:00', MADRID),
    );
  });
});

describe('caps of a profile', () => {
  interface Case {
    key: string;
    place: Place;
    medium: Medium;
    /** Contacts by the same medium that were made. */
    before: readonly string[];
    now: string;
    /** When it may be made; null: now. */
    until: string | null;
    rules?: readonly string[];
  }
  const seven = daysFrom('2026-03-02', 7);
  const cases: Case[] = [
    { key: 'us-reg-f', place: NEW_YORK, medium: 'call', before: seven.slice(0, 6), now: '2026-03-08 12:00', until: null },
    // The eighth within seven days, and on the day after them.
    { key: 'us-reg-f', place: NEW_YORK, medium: 'call', before: seven, now: '2026-03-08 20:59:59', until: '2026-03-09 08:00', rules: ['seven_calls'] },
    { key: 'us-reg-f', place: NEW_YORK, medium: 'call', before: seven, now: '2026-03-09 08:00', until: null },
    { key: 'us-reg-f', place: NEW_YORK, medium: 'email', before: [...seven, ...seven], now: '2026-03-08 12:00', until: null },
    { key: 'us-ma', place: BOSTON, medium: 'sms', before: ['2026-03-02 10:00'], now: '2026-03-02 11:00', until: null },
    { key: 'us-ma', place: BOSTON, medium: 'sms', before: ['2026-03-02 10:00', '2026-03-04 10:00'], now: '2026-03-08 12:00', until: '2026-03-09 08:00', rules: ['two_a_week'] },
    { key: 'us-nyc', place: NEW_YORK, medium: 'email', before: daysFrom('2026-03-02', 2), now: '2026-03-04 12:00', until: null },
    { key: 'us-nyc', place: NEW_YORK, medium: 'email', before: daysFrom('2026-03-02', 3), now: '2026-03-05 12:00', until: '2026-03-09 00:00', rules: ['three_a_week'] },
    { key: 'ru-230-fz', place: MOSCOW, medium: 'call', before: ['2026-03-02 08:00'], now: '2026-03-02 21:00', until: '2026-03-03 08:00', rules: ['calls_a_day'] },
    { key: 'ru-230-fz', place: MOSCOW, medium: 'call', before: ['2026-03-02 08:00'], now: '2026-03-03 08:00', until: null },
    // Two within a week that ends on Sunday.
    { key: 'ru-230-fz', place: MOSCOW, medium: 'call', before: ['2026-03-02 08:00', '2026-03-04 08:00'], now: '2026-03-06 12:00', until: '2026-03-09 08:00', rules: ['calls_a_week'] },
    // Eight within a month, two a week: the ninth waits for the next month.
    { key: 'ru-230-fz', place: MOSCOW, medium: 'call', before: [1, 3, 8, 10, 15, 17, 22, 24].map((day) => `2026-06-${String(day).padStart(2, '0')} 12:00`), now: '2026-06-29 12:00', until: '2026-07-01 08:00', rules: ['calls_a_month'] },
    { key: 'ru-230-fz', place: MOSCOW, medium: 'sms', before: ['2026-03-02 09:00', '2026-03-02 10:00'], now: '2026-03-02 11:00', until: '2026-03-03 08:00', rules: ['messages_a_day'] },
    { key: 'ru-230-fz', place: MOSCOW, medium: 'sms', before: ['2026-03-02 09:00', '2026-03-02 10:00', '2026-03-03 09:00', '2026-03-03 10:00'], now: '2026-03-05 11:00', until: '2026-03-09 08:00', rules: ['messages_a_week'] },
    { key: 'courteous', place: MADRID, medium: 'email', before: ['2026-03-02 10:00'], now: '2026-03-02 12:00', until: '2026-03-03 10:00', rules: ['one_a_day', 'a_day_between'] },
    { key: 'courteous', place: MADRID, medium: 'email', before: ['2026-03-02 10:00'], now: '2026-03-03 09:59:59', until: '2026-03-03 10:00', rules: ['a_day_between'] },
    { key: 'courteous', place: MADRID, medium: 'email', before: ['2026-03-02 10:00'], now: '2026-03-03 10:00', until: null },
    { key: 'courteous', place: MADRID, medium: 'email', before: ['2026-03-02 10:00', '2026-03-03 10:00', '2026-03-05 10:00'], now: '2026-03-07 12:00', until: '2026-03-09 10:00', rules: ['three_a_week'] },
    { key: 'courteous', place: MADRID, medium: 'telegram', before: ['2026-03-02 10:00', '2026-03-04 10:00'], now: '2026-03-06 12:00', until: '2026-03-09 10:00', rules: ['two_direct_a_week'] },
  ]; // prettier-ignore

  it.each(cases)(
    '$key by $medium at $now: $until',
    ({ key, place, medium, before, now, until, rules = [] }) => {
      const contacts = made(place, before, { medium });
      const permit = ask(now, { policies: [profile(key)], place, contacts }, { medium });
      expect(permit.at === null ? null : formatInstant(permit.at)).toBe(
        formatInstant(at(until ?? now, place)),
      );
      expect(permit.objections.map(({ rule }) => rule.key)).toEqual(rules);
    },
  );

  it('count calls for calls and messages for messages, all media of them together', () => {
    const policies = [profile('ru-230-fz')];
    const contacts = [
      ...made(MOSCOW, ['2026-03-02 09:00'], { medium: 'sms' }),
      ...made(MOSCOW, ['2026-03-02 10:00'], { medium: 'telegram' }),
    ];
    const asked = { policies, place: MOSCOW, contacts };
    expect(ask('2026-03-02 12:00', asked, { medium: 'call' }).objections).toEqual([]);
    expect(ask('2026-03-02 12:00', asked, { medium: 'email' }).at).toBe(at('2026-03-03 08:00', MOSCOW));
  });

  it('count a debt by itself where they are about debts, and a person over all debts where about persons', () => {
    const other = { invoiceIds: ['INV-2'], medium: 'call' } as const;
    const contacts = made(NEW_YORK, seven, other);
    const asked = { place: NEW_YORK, contacts };
    const now = '2026-03-08 13:00';
    const call = { medium: 'call' } as const;
    expect(ask(now, { ...asked, policies: [profile('us-reg-f')] }, call).objections).toEqual([]);
    expect(ask(now, { ...asked, policies: [profile('us-reg-f')] }, other).objections).toHaveLength(1);
    expect(
      ask('2026-03-07 13:00', { ...asked, policies: [profile('courteous')] }, call).objections,
    ).not.toEqual([]);
  });

  it('let a statement through only where each of its debts may be spoken of', () => {
    const contacts = [
      ...made(NEW_YORK, daysFrom('2026-03-02', 4), { medium: 'call' }),
      ...made(NEW_YORK, daysFrom('2026-03-03', 4), { medium: 'call', invoiceIds: ['INV-2'] }),
    ];
    const asked = { policies: [profile('us-reg-f')], place: NEW_YORK, contacts };
    const both = { medium: 'call', invoiceIds: ['INV-1', 'INV-2'] } as const;
    expect(ask('2026-03-08 12:00', asked, both).objections).toEqual([]);
    const more = [...contacts, ...made(NEW_YORK, ['2026-03-07 10:00', '2026-03-07 11:00', '2026-03-07 12:00'], { medium: 'call', invoiceIds: ['INV-2'] })]; // prettier-ignore
    expect(ask('2026-03-08 12:00', { ...asked, contacts: more }, both).at).toBe(
      at('2026-03-10 08:00', NEW_YORK),
    );
  });
});

describe('silence after a conversation', () => {
  const spoken = (place: Place, moment: string, invoiceIds: readonly string[] | null = ['INV-1']) => [
    { at: at(moment, place), personId: 'ann', invoiceIds },
  ];

  it.each([
    // The day of the conversation is day 1, whatever its hour: calls again on day 8.
    ['2026-03-02 00:00', '2026-03-08 20:59:59', '2026-03-09 08:00'],
    ['2026-03-02 23:59:59', '2026-03-08 20:59:59', '2026-03-09 08:00'],
    ['2026-03-02 12:00', '2026-03-09 08:00', null],
    ['2028-02-24 12:00', '2028-03-01 12:00', '2028-03-02 08:00'],
  ])('of Regulation F: spoken %s, at %s: %s', (moment, now, until) => {
    const conversations = spoken(NEW_YORK, moment);
    const asked = { policies: [profile('us-reg-f')], place: NEW_YORK, conversations };
    expect(ask(now, asked, { medium: 'call' }).at).toBe(at(until ?? now, NEW_YORK));
    expect(ask(now, asked, { medium: 'sms' }).objections).toEqual([]);
    expect(ask(now, asked, { medium: 'call', invoiceIds: ['INV-2'] }).objections).toEqual([]);
  });

  it.each([
    ['2026-03-04 09:59:59', '2026-03-04 10:00'],
    ['2026-03-04 10:00', null],
  ])('of 48 hours, by whatever medium, about whatever invoice: at %s: %s', (now, until) => {
    const conversations = spoken(MADRID, '2026-03-02 10:00', ['INV-9']);
    expect(ask(now, { policies: [profile('courteous')], place: MADRID, conversations }).at).toBe(
      at(until ?? now, MADRID),
    );
  });

  it('about all debts holds for each of them', () => {
    const asked = {
      policies: [profile('us-reg-f')],
      place: NEW_YORK,
      conversations: spoken(NEW_YORK, '2026-03-02 10:00', null),
    };
    expect(ask('2026-03-03 10:00', asked, { medium: 'call', invoiceIds: ['INV-7'] }).at).toBe(
      at('2026-03-09 08:00', NEW_YORK),
    );
  });
});

describe('silence after a payment', () => {
  const asked = {
    policies: [profile('courteous')],
    place: MADRID,
    payments: [{ at: at('2026-03-02 10:00', MADRID), invoiceIds: ['INV-1'] }],
  };
  it('is of 48 hours about the invoice that was paid on, and about no other', () => {
    expect(ask('2026-03-04 09:59:59', asked).at).toBe(at('2026-03-04 10:00', MADRID));
    expect(ask('2026-03-04 10:00', asked).objections).toEqual([]);
    expect(ask('2026-03-03 10:00', asked, { invoiceIds: ['INV-2'] }).objections).toEqual([]);
  });
});
