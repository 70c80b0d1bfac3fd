import type { ContactPolicy, PolicyRule } from './policy.js';

const EVERY_DAY = ['weekday', 'weekend', 'sunday', 'holiday'] as const;

const daily = (from: string, to: string) => Object.fromEntries(EVERY_DAY.map((kind) => [kind, { from, to }]));

const calls = ['call'] as const;
const messages = ['email', 'sms', 'telegram'] as const;

/** The same count of one law, by day, week and month. */
const perCalendar = (
  name: string,
  media: readonly ('call' | 'email' | 'sms' | 'telegram')[],
  max: Record<'day' | 'week' | 'month', number>,
): PolicyRule[] =>
  (['day', 'week', 'month'] as const).map((unit) => ({
    kind: 'cap',
    key: `${name}_a_${unit}`,
    media,
    max: max[unit],
    within: { kind: 'calendar', unit },
    per: 'person',
  }));

/**
 * What comes with Kindly. Each names its source and the day on which it was compared with it; that is no legal advice.
 * Where a law leaves it open whether a moment still counts, the stricter reading is taken.
 */
export const PROFILES: readonly ContactPolicy[] = [
  {
    key: 'courteous',
    name: 'Courteous',
    source: 'Kindly',
    checkedOn: '2026-11-26',
    scope: null,
    rules: [
      {
        kind: 'hours',
        key: 'hours',
        open: { weekday: { from: '09:00', to: '20:00' }, weekend: { from: '09:00', to: '20:00' } },
      },
      { kind: 'cap', key: 'one_a_day', max: 1, within: { kind: 'calendar', unit: 'day' }, per: 'person' },
      { kind: 'cap', key: 'three_a_week', max: 3, within: { kind: 'elapsed', hours: 168 }, per: 'person' },
      { kind: 'cap', key: 'a_day_between', max: 1, within: { kind: 'elapsed', hours: 24 }, per: 'person' },
      {
        kind: 'cap',
        key: 'two_direct_a_week',
        media: ['telegram'],
        max: 2,
        within: { kind: 'elapsed', hours: 168 },
        per: 'person',
      },
      {
        kind: 'silence',
        key: 'after_conversation',
        after: 'conversation',
        within: { kind: 'elapsed', hours: 48 },
        per: 'person',
      },
      {
        kind: 'silence',
        key: 'after_payment',
        after: 'payment',
        within: { kind: 'elapsed', hours: 48 },
        per: 'debt',
      },
    ],
  },
  {
    key: 'us-reg-f',
    name: 'United States: Regulation F',
    source: '12 CFR 1006.6(b), 1006.14(b)',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', country: 'US', party: 'third' },
    rules: [
      { kind: 'hours', key: 'hours', open: daily('08:00', '21:00') },
      {
        kind: 'cap',
        key: 'seven_calls',
        media: calls,
        max: 7,
        within: { kind: 'days', days: 7 },
        per: 'debt',
      },
      {
        kind: 'silence',
        key: 'after_conversation',
        media: calls,
        after: 'conversation',
        within: { kind: 'days', days: 7 },
        per: 'debt',
      },
    ],
  },
  {
    key: 'us-ma',
    name: 'Massachusetts',
    source: '940 CMR 7.04',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', country: 'US', region: 'MA' },
    rules: [
      { kind: 'hours', key: 'hours', media: ['call', 'sms'], open: daily('08:00', '21:00') },
      {
        kind: 'cap',
        key: 'two_a_week',
        media: ['call', 'sms'],
        max: 2,
        within: { kind: 'days', days: 7 },
        per: 'debt',
      },
    ],
  },
  {
    key: 'us-fl',
    name: 'Florida',
    source: 'Fla. Stat. 559.72',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', country: 'US', region: 'FL' },
    rules: [
      { kind: 'hours', key: 'hours', media: ['call', 'sms', 'telegram'], open: daily('08:00', '21:00') },
    ],
  },
  {
    key: 'us-nyc',
    name: 'New York City',
    source: 'Rules of the City of New York, title 6, as effective on 2026-09-01',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', country: 'US', region: 'NY', party: 'third' },
    rules: [{ kind: 'cap', key: 'three_a_week', max: 3, within: { kind: 'days', days: 7 }, per: 'debt' }],
  },
  {
    key: 'ru-230-fz',
    name: 'Russia: Federal Law 230-FZ',
    source: 'Federal Law 230-FZ, article 7',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', country: 'RU', stage: 'after_due' },
    rules: [
      {
        kind: 'hours',
        key: 'hours',
        open: { ...daily('09:00', '20:00'), weekday: { from: '08:00', to: '22:00' } },
      },
      ...perCalendar('calls', calls, { day: 1, week: 2, month: 8 }),
      ...perCalendar('messages', messages, { day: 2, week: 4, month: 16 }),
    ],
  },
];
