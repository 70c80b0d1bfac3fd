import type { ContactPolicy, PolicyRule } from './policy.js';

const EVERY_DAY = ['weekday', 'weekend', 'sunday', 'holiday'] as const;

const daily = (from: string, to: string) => Object.fromEntries(EVERY_DAY.map((kind) => [kind, { from, to }]));

const calls = ['call'] as const;
const messages = ['email', 'sms', 'telegram'] as const;

/** Of the European Union. */
const EU = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

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
    scope: { customer: 'person', countries: ['US'], party: 'third' },
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
    duties: [
      { kind: 'opt_out', key: 'opt_out_in_every_message', media: messages },
      {
        kind: 'kept',
        key: 'not_by_this_medium',
        text: 'Who asks not to be contacted by a medium is not contacted by it',
        by: 'suppressions and consents, which are by medium and address',
      },
      {
        kind: 'kept',
        key: 'inconvenient_times',
        text: 'No contact at a time or place that they said is inconvenient',
        by: 'the wishes of a customer',
      },
      {
        kind: 'kept',
        key: 'nothing_in_public',
        text: 'Direct messages are private',
        by: 'the channels: a direct message goes to one chat, and nothing is ever posted',
      },
    ],
  },
  {
    key: 'us-ma',
    name: 'Massachusetts',
    source: '940 CMR 7.04',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', countries: ['US'], region: 'MA' },
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
    duties: [
      {
        kind: 'kept',
        key: 'disputed_in_writing',
        text: 'A debt that is disputed in writing within 30 days is not asked for until it is verified',
        by: 'dispute holds, which stand until somebody ends them',
      },
    ],
  },
  {
    key: 'us-fl',
    name: 'Florida',
    source: 'Fla. Stat. 559.72',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', countries: ['US'], region: 'FL' },
    rules: [
      { kind: 'hours', key: 'hours', media: ['call', 'sms', 'telegram'], open: daily('08:00', '21:00') },
    ],
  },
  {
    key: 'us-nyc',
    name: 'New York City',
    source: 'Rules of the City of New York, title 6, as effective on 2026-09-01',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', countries: ['US'], region: 'NY', party: 'third' },
    rules: [{ kind: 'cap', key: 'three_a_week', max: 3, within: { kind: 'days', days: 7 }, per: 'debt' }],
    duties: [{ kind: 'consent', key: 'electronic_by_consent', media: messages }],
  },
  {
    key: 'us-tcpa',
    name: 'United States: Telephone Consumer Protection Act',
    source: '47 CFR 64.1200(a)(10)',
    checkedOn: '2026-11-28',
    scope: { customer: 'person', countries: ['US'] },
    rules: [],
    duties: [
      {
        kind: 'kept',
        key: 'revocation',
        media: ['call', 'sms'],
        text: 'STOP, QUIT, END, REVOKE, OPT OUT, CANCEL, UNSUBSCRIBE or any other reasonable words end it, within ten business days',
        by: 'the reading of what customers write: at once, and what is not clear is for a person to answer',
      },
      {
        kind: 'kept',
        key: 'one_confirmation',
        media: ['sms'],
        text: 'One text at most confirms it',
        by: 'the confirmation of a stop, which is sent once',
      },
    ],
  },
  {
    key: 'uk-conc',
    name: 'United Kingdom: Consumer Credit sourcebook',
    source: 'FCA Handbook, CONC 7.3, 7.9 and 7.14; it names no hours, these are what we take for reasonable',
    checkedOn: '2026-11-28',
    scope: { customer: 'person', countries: ['GB'] },
    rules: [
      {
        kind: 'hours',
        key: 'hours',
        open: { weekday: { from: '08:00', to: '20:00' }, weekend: { from: '09:00', to: '19:00' } },
      },
    ],
    duties: [
      {
        kind: 'kept',
        key: 'when_where_how',
        text: 'Reasonable wishes about when, where and how they are contacted are respected',
        by: 'the wishes of a customer, and suppressions by medium and address',
      },
      {
        kind: 'kept',
        key: 'disputed',
        text: 'What is disputed is not pursued until the dispute is answered',
        by: 'dispute holds, of all or a part of an invoice',
      },
    ],
  },
  {
    key: 'uk-breathing-space',
    name: 'United Kingdom: breathing space',
    source: 'Debt Respite Scheme Regulations 2020 (SI 2020/1311)',
    checkedOn: '2026-11-28',
    scope: { customer: 'person', countries: ['GB'] },
    rules: [],
    duties: [
      {
        kind: 'kept',
        key: 'moratorium',
        text: 'No contact for payment, interest or fees for 60 days; in a mental health crisis while treatment lasts and 30 days more',
        by: 'holds of the kind breathing_space, with their evidence',
      },
    ],
  },
  {
    key: 'eu-b2b',
    name: 'European Union: late payment between businesses',
    source: 'Directive 2011/7/EU, articles 3, 4 and 6',
    checkedOn: '2026-11-28',
    scope: { customer: 'company', countries: EU, stage: 'after_due' },
    rules: [],
    duties: [
      {
        kind: 'kept',
        key: 'statutory_interest',
        text: 'The creditor may claim interest of eight points above the reference rate from the day after the due date, and 40 EUR',
        by: 'the accounting: Kindly asks for what is on the books, and adds neither interest nor fees',
      },
    ],
  },
  {
    key: 'platforms',
    name: 'Rules of messaging platforms',
    source: 'Telegram Bot Platform, WhatsApp Business Messaging Policy, Messenger Platform Policy',
    checkedOn: '2026-11-28',
    scope: {},
    rules: [],
    duties: [
      {
        kind: 'kept',
        key: 'telegram_began_by_them',
        media: ['telegram'],
        text: 'A bot writes only to who has started it',
        by: 'Telegram itself, and consents: a chat without one on record is not written to',
      },
      {
        kind: 'kept',
        key: 'no_collection_by_whatsapp',
        text: 'Debt collection is among the prohibited uses of WhatsApp Business; Messenger takes approved templates alone',
        by: 'the channels: Kindly writes by neither',
      },
    ],
  },
  {
    key: 'mail',
    name: 'Rules of mailbox providers',
    source: 'RFC 8058; sender requirements of Google and Yahoo, 2024',
    checkedOn: '2026-11-28',
    scope: {},
    rules: [],
    duties: [
      {
        kind: 'kept',
        key: 'one_click',
        media: ['email'],
        text: 'Both headers of RFC 8058, and unsubscribing takes effect within 48 hours',
        by: 'the headers of every reminder, and the page behind them: at once',
      },
      {
        kind: 'kept',
        key: 'complaints',
        media: ['email'],
        text: 'Fewer than 0.3 % complain',
        by: 'receipts: whoever complained is not written to again',
      },
    ],
  },
  {
    key: 'ru-230-fz',
    name: 'Russia: Federal Law 230-FZ',
    source: 'Federal Law 230-FZ, article 7',
    checkedOn: '2026-11-26',
    scope: { customer: 'person', countries: ['RU'], stage: 'after_due' },
    rules: [
      {
        kind: 'hours',
        key: 'hours',
        open: { ...daily('09:00', '20:00'), weekday: { from: '08:00', to: '22:00' } },
      },
      ...perCalendar('calls', calls, { day: 1, week: 2, month: 8 }),
      ...perCalendar('messages', messages, { day: 2, week: 4, month: 16 }),
    ],
    duties: [
      {
        kind: 'kept',
        key: 'no_direct_contact',
        text: 'None in bankruptcy, incapacity, disability of group I, in-patient treatment, and of minors',
        by: 'holds of the kinds bankruptcy, hardship and legal',
      },
      {
        kind: 'kept',
        key: 'voice_agents',
        media: calls,
        text: 'A call by an automatic voice agent counts as a call',
        by: 'the channels: people make all calls',
      },
    ],
  },
];
