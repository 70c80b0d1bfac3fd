import { campaignOf, dueStep, factsOf, local } from '#domain/facts.factory.js';
import type { CustomerFacts, InvoiceFacts } from '#domain/facts.js';
import type { CampaignInput, Step } from '#domain/campaign/document.js';
import type { HolidayLookup } from '#domain/working-days.js';
import type { OwnRules } from './own-rules.js';
import { type ContactingAction, type Keeping, keepingOf, type Outreach } from './keeping.js';
import { noHolidays } from './policy.factory.js';

const [step] = campaignOf([dueStep('overdue', 'P1D')]).steps as [Step];
const of = { step, stepKey: 'overdue', stepIndex: 0, occurrence: 0, dueAt: local('2026-04-01 10:00') };
const send: ContactingAction = {
  ...of,
  kind: 'send',
  medium: 'email',
  personId: 'P1',
  pointId: 'email',
  deadline: Infinity,
};
const task: ContactingAction = { ...of, kind: 'task', deadline: Infinity };

interface Asked extends Partial<Outreach> {
  policy?: NonNullable<CampaignInput['policy']>;
  customer?: Partial<CustomerFacts>;
  party?: 'first' | 'third';
  switchedOff?: readonly string[];
  invoice?: Partial<InvoiceFacts>;
  action?: ContactingAction;
  isHoliday?: HolidayLookup;
}

/** One that comes out at the very first moment of an opening. */
const AT_ONCE = 'C136';

const MADRID = { zone: 'Europe/Madrid', country: 'ES', region: null };

/** What is said at a moment of the customer's clock. */
const keep = (
  now: string,
  {
    policy = 'courteous',
    customer,
    party = 'first',
    switchedOff = [],
    invoice,
    action = send,
    isHoliday = noHolidays,
    ...outreach
  }: Asked = {},
): Keeping | null => {
  const who = { customer: { externalId: AT_ONCE, ...MADRID, ...customer }, party, switchedOff };
  const facts = factsOf({ ...who, ...(invoice && { invoice }) });
  const nothing = {
    houseRules: [],
    wishes: [],
    address: 'a@example.test',
    contacts: [],
    conversations: [],
    payments: [],
  };
  const at = local(now, facts.customer.zone);
  return keepingOf({ policy }, facts, action, { ...nothing, ...outreach }, isHoliday, at);
};

const contacts = (...moments: string[]): Outreach['contacts'] =>
  moments.map((moment) => ({
    medium: 'sms',
    personId: 'P1',
    address: '+34600000000',
    invoiceIds: ['I9'],
    at: local(moment, MADRID.zone),
  }));

const textsOf = (kept: Keeping | null): string[] => kept?.reasons.map(({ text }) => text) ?? [];
const rulesOf = (kept: Keeping | null): string[] => kept?.reasons.map(({ rule }) => rule) ?? [];

describe('what contact policies have against a contact', () => {
  it('is nothing where a campaign names none, at any hour', () => {
    expect(keep('2026-04-05 03:00', { policy: 'none' })).toBeNull();
  });

  it.each([
    ['2026-04-01 08:59', '2026-04-01 09:00'],
    ['2026-04-01 09:00', null],
    ['2026-04-01 19:59', null],
    ['2026-04-01 20:00', '2026-04-02 09:00'],
    // Saturday evening: Sunday is closed.
    ['2026-04-04 20:00', '2026-04-06 09:00'],
    ['2026-04-05 12:00', '2026-04-06 09:00'],
  ])('at %s in Madrid, by the hours of courtesy: %s', (now, until) => {
    expect(keep(now)?.until ?? null).toBe(until && local(until, MADRID.zone));
  });

  it('is said in sentences that name the rule, the policy and the moment', () => {
    expect(textsOf(keep('2026-04-05 12:00'))).toEqual([
      'Nothing on Sundays (Courteous); earliest Monday 6 April 09:00 in Madrid.',
    ]);
    expect(textsOf(keep('2026-04-01 21:30'))).toEqual([
      'It is 21:30 in Madrid, and 09:00 to 20:00 is allowed (Courteous); earliest Thursday 2 April 09:00 in Madrid.',
    ]);
    const thrice = contacts('2026-03-26 10:00', '2026-03-28 10:00', '2026-03-31 12:00');
    expect(keep('2026-04-01 10:00', { contacts: thrice })).toEqual({
      // A week on the clock, over the change to summer time.
      until: local('2026-04-02 11:00', MADRID.zone),
      reasons: [
        {
          rule: 'courteous/three_a_week',
          text: 'At most 3 contacts in 7 days (Courteous); earliest Thursday 2 April 11:00 in Madrid.',
        },
        {
          rule: 'courteous/a_day_between',
          text: 'At most 1 contact in 24 hours (Courteous); earliest Thursday 2 April 11:00 in Madrid.',
        },
      ],
    });
    const conversations = [{ at: local('2026-03-31 10:00', MADRID.zone), personId: null, invoiceIds: null }];
    expect(textsOf(keep('2026-04-01 10:00', { conversations }))).toEqual([
      'Nothing within 48 hours of a conversation (Courteous); earliest Thursday 2 April 10:00 in Madrid.',
    ]);
  });

  it('knows the public holidays of where they are', () => {
    const isHoliday: HolidayLookup = (date, country) => date === '2026-04-03' && country === 'ES';
    expect(textsOf(keep('2026-04-03 10:00', { isHoliday }))).toEqual([
      'Nothing on public holidays (Courteous); earliest Saturday 4 April 09:00 in Madrid.',
    ]);
    expect(keep('2026-04-03 10:00', { isHoliday, customer: { country: 'PT' } })).toBeNull();
  });

  it('asks about a call as well, for whoever of the customer it may reach', () => {
    const before = contacts('2026-03-31 12:00');
    expect(rulesOf(keep('2026-04-01 10:00', { action: task, contacts: before }))).toEqual([
      'courteous/a_day_between',
    ]);
    const called = [{ ...before[0]!, medium: 'call' as const, personId: null, address: null }];
    expect(rulesOf(keep('2026-04-01 10:00', { contacts: called }))).toEqual(['courteous/a_day_between']);
  });

  it('leaves another person of the customer alone, but not another customer at the same address', () => {
    const [made] = contacts('2026-03-31 12:00') as [Outreach['contacts'][number]];
    expect(keep('2026-04-01 10:00', { contacts: [{ ...made, personId: 'P2' }] })).toBeNull();
    const shared = { contacts: [{ ...made, personId: 'P2', address: '+34611' }], address: '+34611' };
    expect(rulesOf(keep('2026-04-01 10:00', shared))).toEqual(['courteous/a_day_between']);
  });

  it('counts a payment on this invoice alone', () => {
    const at = local('2026-03-31 00:00', MADRID.zone);
    expect(rulesOf(keep('2026-04-01 10:00', { payments: [{ at, invoiceIds: ['I1'] }] }))).toEqual([
      'courteous/after_payment',
    ]);
    expect(keep('2026-04-01 10:00', { payments: [{ at, invoiceIds: ['I2'] }] })).toBeNull();
  });

  describe('of somebody whose time zone is not known', () => {
    const somewhere = (country: string, zone: string): Partial<CustomerFacts> => ({
      country,
      zone,
      zoneSource: 'country',
    });
    const american = { customer: somewhere('US', 'America/New_York') };

    it.each([
      // On a Wednesday in summer, by the clock of New York, six hours before that of Honolulu and seven before Adak's.
      ['2026-07-01 09:00', '2026-07-01 15:00'],
      ['2026-07-01 14:59', '2026-07-01 15:00'],
      ['2026-07-01 15:00', null],
      ['2026-07-01 19:59', null],
      ['2026-07-01 20:00', '2026-07-02 15:00'],
    ])('goes by every clock that may be theirs: at %s in New York until %s', (now, until) => {
      expect(keep(now, american)?.until ?? null).toBe(until && local(until, 'America/New_York'));
    });

    it('says by which clock', () => {
      expect(textsOf(keep('2026-07-01 09:00', american))).toEqual([
        'It is 03:00 in Honolulu, and 09:00 to 20:00 is allowed (Courteous), where they may be; earliest Wednesday 1 July 15:00 in New York.',
      ]);
    });

    it('goes by where most people are when no moment is allowed by all clocks', () => {
      const wishes: OwnRules = [
        { kind: 'hours', key: 'noon', open: { weekday: { from: '12:00', to: '13:00' } } },
      ];
      const russian = { customer: somewhere('RU', 'Europe/Moscow'), wishes };
      expect(keep('2026-07-01 12:30', russian)).toBeNull();
      expect(keep('2026-07-01 13:00', russian)?.until).toBe(local('2026-07-02 12:00', 'Europe/Moscow'));
    });

    it('is as for everybody else in a country with one clock, or without a country', () => {
      expect(keep('2026-07-01 09:00', { customer: somewhere('DE', 'Europe/Berlin') })).toBeNull();
      const nowhere = { country: null, zone: 'Europe/Berlin', zoneSource: 'organisation' } as const;
      expect(keep('2026-07-01 09:00', { customer: nowhere })).toBeNull();
    });
  });

  describe('by rules of their own', () => {
    const evenings: OwnRules = [
      {
        kind: 'hours',
        key: 'evenings',
        media: ['call'],
        open: { weekday: { from: '17:00', to: '20:00' }, weekend: { from: '10:00', to: '20:00' } },
      },
    ];

    it('is asked where they wish it, on top of the policy, and by the channel they wish it for', () => {
      expect(textsOf(keep('2026-04-01 10:00', { action: task, wishes: evenings }))).toEqual([
        'It is 10:00 in Madrid, and 17:00 to 20:00 is allowed (Their own wish); earliest Wednesday 1 April 17:00 in Madrid.',
      ]);
      expect(keep('2026-04-01 10:00', { wishes: evenings })).toBeNull();
      // Sunday is closed by courtesy, though they would not mind; Monday at 17:00 both allow it.
      expect(keep('2026-04-05 12:00', { action: task, wishes: evenings })?.until).toBe(
        local('2026-04-06 17:00', MADRID.zone),
      );
    });

    it('is nothing on the days that a house keeps quiet, the last included, and only where a campaign asks', () => {
      const houseRules: OwnRules = [
        { kind: 'blackout', key: 'christmas', from: '2026-12-24', to: '2027-01-01' },
      ];
      const at = (now: string) => keep(now, { houseRules });
      expect(at('2026-12-23 19:59')).toBeNull();
      expect(textsOf(at('2026-12-24 10:00'))).toEqual([
        'Nothing from 2026-12-24 to 2027-01-01 (House rules); earliest Saturday 2 January 09:00 in Madrid.',
      ]);
      expect(rulesOf(at('2027-01-01 10:00'))).toEqual(['house/christmas']);
      expect(at('2027-01-02 10:00')).toBeNull();
      expect(keep('2026-12-24 10:00', { houseRules, policy: 'none' })).toBeNull();
    });
  });

  describe('by law', () => {
    const boston = { kind: 'person', country: 'US', region: 'MA', zone: 'America/New_York' } as const;

    it('binds a person where they live, whatever house policy is named, and companies not', () => {
      const calls = ['2026-03-30 09:00', '2026-03-31 09:00'].map((moment) => ({
        medium: 'call' as const,
        personId: null,
        address: null,
        invoiceIds: ['I1'],
        at: local(moment, boston.zone),
      }));
      const asked = { customer: boston, action: task, contacts: calls };
      expect(rulesOf(keep('2026-04-01 10:00', asked))).toEqual(['us-ma/two_a_week']);
      expect(keep('2026-04-01 10:00', { ...asked, customer: { ...boston, kind: 'company' } })).toBeNull();
    });

    it('of third parties binds them alone, unless it is named', () => {
      const texas = { ...boston, region: 'TX' };
      const at = '2026-04-01 21:00';
      expect(rulesOf(keep(at, { customer: texas, party: 'third' }))).toEqual([
        'courteous/hours',
        'us-reg-f/hours',
      ]);
      expect(rulesOf(keep(at, { customer: texas }))).toEqual(['courteous/hours']);
      expect(rulesOf(keep(at, { customer: texas, policy: 'us-reg-f' }))).toEqual(['us-reg-f/hours']);
      expect(rulesOf(keep(at, { policy: 'us-reg-f' }))).toEqual(['us-reg-f/hours']);
    });

    it('is left out where an organisation switched it, or a rule of it, off', () => {
      const texas = { ...boston, region: 'TX' };
      const late = (switchedOff: string[]) =>
        rulesOf(keep('2026-04-01 21:00', { customer: texas, party: 'third', switchedOff }));
      expect(late(['us-reg-f'])).toEqual(['courteous/hours']);
      expect(late(['courteous/hours', 'us-reg-f/seven_calls'])).toEqual(['us-reg-f/hours']);
      expect(late(['courteous', 'us-reg-f/hours'])).toEqual([]);
    });

    it('of overdue debts begins after the due date has ended', () => {
      const moscow = { kind: 'person', country: 'RU', region: null, zone: 'Europe/Moscow' } as const;
      const at = (now: string) => rulesOf(keep(now, { customer: moscow }));
      // Both on a weekday's evening, when 230-FZ is more generous than courtesy is.
      expect(at('2026-03-31 22:00')).toEqual(['courteous/hours']);
      expect(at('2026-04-01 22:00')).toEqual(['courteous/hours', 'ru-230-fz/hours']);
    });
  });

  describe('of what waits for one opening', () => {
    const opening = local('2026-04-02 09:00', MADRID.zone);
    const minutesAfter = (kept: Keeping | null): number => ((kept?.until ?? NaN) - opening) / 60_000;
    const of = (externalId: string, asked: Asked = {}): number =>
      minutesAfter(keep('2026-04-01 22:00', { ...asked, customer: { externalId } }));

    it('does not all come out at its first moment, but over half an hour, and none before', () => {
      const waits = Array.from({ length: 300 }, (_, n) => of(`C${n}`));
      const perMinute = Array.from(
        { length: 30 },
        (_, minute) => waits.filter((wait) => Math.floor(wait) === minute).length,
      );
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...waits)).toBeLessThan(30);
      expect(Math.min(...perMinute)).toBeGreaterThan(0);
      expect(Math.max(...perMinute)).toBeLessThan(30);
    });

    it('comes out at one moment for one customer, whatever it is about', () => {
      expect(of('C7', { invoice: { externalId: 'I1' } })).toBe(of('C7', { invoice: { externalId: 'I2' } }));
    });

    it('comes out at the first moment where it is not open for longer, or would be too late by then', () => {
      const wishes = [
        { kind: 'hours', key: 'at-nine', open: { weekday: { from: '09:00', to: '09:01' } } },
      ] as const;
      const deadline = opening + 60_000;
      const customers = Array.from({ length: 20 }, (_, n) => `C${n}`);
      const short = customers.map((id) => of(id, { wishes }));
      const urgent = [send, task].flatMap((action) =>
        customers.map((id) => of(id, { action: { ...action, deadline } })),
      );
      expect(Math.max(...short, ...urgent)).toBeLessThan(1);
      expect(short.filter((wait) => wait === 0).length).toBeGreaterThan(15);
    });
  });
});
