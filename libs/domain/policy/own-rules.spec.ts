import { contradictionIn, housePolicy, ownRulesSchema, wishesPolicy } from './own-rules.js';

/** What is said of rules, with where. */
const saidOf = (rules: unknown): string[] =>
  (ownRulesSchema.safeParse(rules).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );

const hours = (open: object, more: object = {}) => ({ kind: 'hours', key: 'hours', open, ...more });
const from = (start: string, end: string) => ({ from: start, to: end });
const cap = (more: object) => ({
  kind: 'cap',
  key: 'cap',
  max: 1,
  within: { kind: 'days', days: 7 },
  per: 'person',
  ...more,
});

describe('rules of their own', () => {
  it('are hours, caps, silences and days without any contact', () => {
    const within = { kind: 'elapsed', hours: 48 };
    expect(
      saidOf([
        hours({ weekday: from('10:00', '18:00') }),
        cap({ media: ['sms'] }),
        { kind: 'silence', key: 'paid', after: 'payment', within, per: 'debt' },
        { kind: 'blackout', key: 'august', from: '2026-08-01', to: '2026-08-31' },
      ]),
    ).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    [
      'no time',
      [hours({ weekday: from('9', '18:00') })],
      '0.open.weekday.from is no local time; write it like 09:00',
    ],
    [
      'hours past midnight',
      [hours({ weekday: from('20:00', '08:00') })],
      '0.open.weekday.to is not later than from; hours end on the day that they begin on, by 23:59',
    ],
    ['a cap of none', [cap({ max: 0 })], '0.max is too small; write 1 or more'],
    [
      'a window longer than what is read',
      [cap({ within: { kind: 'days', days: 32 } })],
      '0.within.days is too large; write 31 at most',
    ],
    ['an unknown channel', [cap({ media: ['fax'] })], '0.media.0 is no channel; write one of '],
    ['one key twice', [cap({}), cap({ max: 2 })], '1.key is there twice; give each rule its own'],
    [
      'a blackout that ends before it begins',
      [{ kind: 'blackout', key: 'x', from: '2026-08-02', to: '2026-08-01' }],
      '0.to is before from; write the last day of it',
    ],
    [
      'a blackout of half a year',
      [{ kind: 'blackout', key: 'x', from: '2026-01-01', to: '2026-06-30' }],
      '0.to is too late; a blackout lasts 60 days at most',
    ],
    [
      'no date',
      [{ kind: 'blackout', key: 'x', from: '1 May', to: '2026-06-30' }],
      '0.from is no date; write it like',
    ],
  ])('are refused with %s', (_what, rules, message) => {
    expect(saidOf(rules).join('\n')).toContain(message);
  });
});

describe('a contradiction in them', () => {
  const of = (...rules: unknown[]): string | null =>
    contradictionIn([housePolicy(ownRulesSchema.parse(rules))]);

  it('is none where every channel has a moment beside every policy', () => {
    expect(of()).toBeNull();
    expect(of(hours({ weekday: from('19:00', '23:00') }))).toBeNull();
    expect(of({ kind: 'blackout', key: 'may', from: '2026-05-01', to: '2026-05-31' })).toBeNull();
  });

  it('is hours that never come, alone, with each other and with a policy', () => {
    expect(of(hours({}))).toBe('leave no moment open for email; widen their hours');
    expect(
      of(
        hours({ weekday: from('09:00', '12:00') }, { media: ['call'] }),
        hours({ weekday: from('12:00', '17:00') }, { key: 'others' }),
      ),
    ).toBe('leave no moment open for call; widen their hours');
    expect(of(hours({ weekday: from('20:00', '21:00') }))).toBe(
      'leave no moment open for email beside the policy courteous; widen their hours',
    );
    expect(of(hours({ sunday: from('10:00', '12:00') }))).toContain('beside the policy courteous');
  });

  it('is found between the rules of a house and the wishes of a customer', () => {
    const house = housePolicy(ownRulesSchema.parse([hours({ weekday: from('09:00', '12:00') })]));
    const wishes = wishesPolicy(ownRulesSchema.parse([hours({ weekday: from('14:00', '17:00') })]));
    expect(contradictionIn([house])).toBeNull();
    expect(contradictionIn([wishes])).toBeNull();
    expect(contradictionIn([house, wishes])).toContain('leave no moment open');
  });
});
