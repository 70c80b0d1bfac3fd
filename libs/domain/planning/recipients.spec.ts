import { campaignOf, dueStep, factsOf, local, pointsOf, reachableBy } from '#domain/facts.factory.js';
import type { SendTarget } from '#domain/campaign/document.js';
import type { Barred, CustomerFacts, EnrolmentFacts, PersonFacts, PointFacts } from '#domain/facts.js';
import { weekendCalendar } from '#domain/working-days.js';
import { initialCursor } from './cursor.js';
import { plan } from './plan.js';
import { Walk } from './walk.factory.js';

const oneStep = (...send: SendTarget[]) => campaignOf([dueStep('s', 'P1D', { send })]);

const withCustomer = (customer: Partial<CustomerFacts>): EnrolmentFacts => factsOf({ customer });

const statuses = (...status: PointFacts['status'][]): PointFacts[] =>
  status.map((each, i) => ({ id: `email-${i}`, kind: 'email', status: each }));

describe('the channel of a step', () => {
  const firstOf = (send: SendTarget[], customer: Partial<CustomerFacts>): string | undefined =>
    new Walk(withCustomer(customer), oneStep(...send)).until('2026-04-02').decisions[0]?.by;

  it('is the first of the step that the customer has an address for', () => {
    expect(firstOf(['telegram', 'sms', 'email'], reachableBy(pointsOf('email', 'phone')))).toBe('sms');
    expect(firstOf(['email', 'sms'], reachableBy(pointsOf('email', 'phone')))).toBe('email');
  });

  it('is the one the customer prefers where the step says so, and else the next', () => {
    expect(firstOf(['preferred', 'email'], { preferred: 'telegram' })).toBe('telegram');
    expect(firstOf(['preferred', 'email'], { preferred: null })).toBe('email');
    expect(firstOf(['email', 'preferred'], { preferred: 'telegram' })).toBe('email');
    expect(firstOf(['preferred', 'email'], reachableBy(pointsOf('email'), { preferred: 'sms' }))).toBe(
      'email',
    );
  });

  it('is a task where the customer prefers to be called', () => {
    const walk = new Walk(withCustomer({ preferred: 'call' }), oneStep('preferred', 'email'));
    expect(walk.until('2026-04-02').log).toEqual(['2026-04-01 10:00 s call']);
  });

  it('asks the persons of the roles a step names, in that order', () => {
    const people = [
      { id: 'ap', roles: ['accounts_payable'], points: statuses('active') },
      { id: 'owner', roles: ['owner'], points: pointsOf('email') },
    ];
    const ladder = campaignOf([dueStep('s', 'P1D', { recipients: ['owner', 'accounts_payable'] })]);
    const asked: string[] = [];
    const ask = (facts: EnrolmentFacts) =>
      new Walk(facts, ladder, ({ personId }) => {
        asked.push(personId);
        return { kind: 'accepted' };
      }).until();
    ask(withCustomer({ people }));
    ask(withCustomer({ people: people.slice(0, 1) }));
    expect(asked).toEqual(['owner', 'ap']);
  });
});

describe('a step that can reach nobody', () => {
  const reason = (points: PointFacts[]): string | undefined =>
    new Walk(withCustomer(reachableBy(points)), oneStep('email')).until().decisions[0]?.by;

  const firstOf = (points: PointFacts[], ...send: SendTarget[]): string | undefined =>
    new Walk(withCustomer(reachableBy(points)), oneStep(...send)).until('2026-04-02').decisions[0]?.by;

  it('says why: no address, an address that may not be written to, or none that can deliver', () => {
    expect(reason([])).toBe('no_address');
    expect(reason(pointsOf('phone'))).toBe('no_address');
    expect(reason(statuses('retired'))).toBe('no_address');
    expect(reason(statuses('suppressed'))).toBe('suppressed');
    expect(reason(statuses('invalid'))).toBe('suppressed');
    const rejected = new Walk(factsOf(), oneStep('email'), () => ({ kind: 'rejected' })).until();
    expect(rejected.log).toEqual(['2026-04-01 10:00 s email rejected', '2026-04-01 10:00 s undeliverable']);
  });

  it('says of a consent that waits for its owner that it is not confirmed yet, and lets another channel go first', () => {
    const waiting: PointFacts[] = [
      { id: 'chat', kind: 'telegram', status: 'active', unconfirmed: ['telegram'] },
    ];
    const skipsOf = (points: PointFacts[], ...send: SendTarget[]) =>
      plan(
        withCustomer(reachableBy(points)),
        oneStep(...send),
        initialCursor(),
        local('2026-04-01 10:00'),
        weekendCalendar,
      ).skips;
    expect(skipsOf(waiting, 'telegram')).toMatchObject([
      { reason: 'no_consent', text: 'A consent to messages was recorded, and is not confirmed yet.' },
    ]);
    expect(skipsOf([{ id: 'chat', kind: 'telegram', status: 'active' }], 'telegram')[0]).not.toHaveProperty(
      'text',
    );
    expect(firstOf([...waiting, ...pointsOf('email')], 'telegram', 'email')).toBe('email');
    const given = waiting.map((point) => ({ ...point, consents: { telegram: 'granted' as const } }));
    expect(firstOf(given, 'telegram', 'email')).toBe('telegram');
  });

  it('leaves a number that takes no SMS to be called, and a purpose that was refused to other addresses', () => {
    const barring = (kind: 'email' | 'phone', ...barred: Barred[]): PointFacts[] => [
      { id: kind, kind, status: 'active', barred },
    ];
    const noSms = barring('phone', { medium: 'sms', purpose: null });
    expect(firstOf(noSms, 'sms')).toBe('suppressed');
    expect(firstOf(noSms, 'sms', 'call')).toBe('call');
    const noReminders = barring('email', { medium: 'email', purpose: 'reminder' });
    expect(firstOf(noReminders, 'email', 'sms')).toBe('suppressed');
    expect(firstOf([...noReminders, ...pointsOf('phone')], 'email', 'sms')).toBe('sms');
    expect(firstOf([...noReminders, ...statuses('active')], 'email')).toBe('email');
  });

  it('writes to no chat without a consent, nor by a channel that somebody closed, and takes the next', () => {
    const [email, chat] = pointsOf('email', 'telegram') as [PointFacts, PointFacts];
    const reach = (send: ('telegram' | 'email')[], ...points: PointFacts[]) =>
      new Walk(
        factsOf({ customer: reachableBy(points) }),
        campaignOf([dueStep('s', 'P1D', { send })]),
      ).until().log;
    const unasked: PointFacts = { ...chat, consents: {} };
    expect(reach(['telegram'], chat)).toEqual(['2026-04-01 10:00 s telegram']);
    expect(reach(['telegram'], unasked)).toEqual(['2026-04-01 10:00 s no_consent']);
    expect(reach(['telegram', 'email'], unasked, email)).toEqual(['2026-04-01 10:00 s email']);
    const closed: PointFacts = { ...email, consents: { email: 'withdrawn' } };
    expect(reach(['email'], closed)).toEqual(['2026-04-01 10:00 s no_consent']);
    expect(reach(['email', 'telegram'], closed, { ...unasked, status: 'suppressed' })).toEqual([
      '2026-04-01 10:00 s suppressed',
    ]);
  });

  it('asks nobody to call where that is not wanted, and looks for a number where none is known to work', () => {
    const call = campaignOf([{ key: 'c', at: { anchor: 'due_date', offset: 'P1D' }, task: 'call' }]);
    const [number] = pointsOf('phone') as [PointFacts];
    const made = (...points: PointFacts[]) =>
      new Walk(withCustomer(reachableBy(points)), call).until('2026-04-02').decisions[0]?.by;
    expect(made(number)).toBe('call');
    expect(made()).toBe('call');
    expect(made({ ...number, status: 'invalid' })).toBe('call');
    expect(made({ ...number, status: 'suppressed' })).toBe('suppressed');
    expect(made({ ...number, barred: [{ medium: 'call', purpose: null }] })).toBe('suppressed');
    expect(made({ ...number, barred: [{ medium: 'sms', purpose: null }] })).toBe('call');
    expect(made({ ...number, consents: { call: 'withdrawn' } })).toBe('no_consent');
    expect(made({ ...number, consents: { call: 'withdrawn' } }, { ...number, id: 'other' })).toBe('call');
  });

  it('writes no SMS to a fixed line, which can still be called', () => {
    const line: PointFacts[] = [{ id: 'line', kind: 'phone', status: 'active', noSms: true }];
    expect(firstOf(line, 'sms')).toBe('no_address');
    expect(firstOf(line, 'sms', 'call')).toBe('call');
    expect(firstOf([...line, ...pointsOf('phone')], 'sms')).toBe('sms');
  });

  it('writes to a second address of the medium when the first may not be written to', () => {
    expect(reason(statuses('suppressed', 'active'))).toBe('email');
  });

  it('is decided when it comes due, not before: an address may still come', () => {
    const walk = new Walk(withCustomer(reachableBy([])), oneStep('email')).until('2026-03-20');
    expect(walk.log).toEqual([]);
    expect(walk.change({ customer: factsOf().customer }).until().log).toEqual(['2026-04-01 10:00 s email']);
  });
});

describe('a step for the parent company', () => {
  const own = [{ id: 'ap', roles: ['owner'], points: pointsOf('email', 'phone') }];
  const above: PointFacts[] = [{ id: 'above', kind: 'email', status: 'active' }];
  const boss = { id: 'boss', roles: ['owner'], points: above };
  const ladder = campaignOf([dueStep('s', 'P1D', { recipients: { roles: ['owner'], of: 'parent' } })]);

  const asked = (customer: Partial<CustomerFacts>, steps = ladder) => {
    const facts = withCustomer({ people: own, ...customer });
    const { next } = plan(facts, steps, initialCursor(), local('2026-04-01 10:00'), weekendCalendar);
    return next.kind === 'act' && (next.action.kind === 'send' || next.action.kind === 'task')
      ? {
          by: next.action.kind,
          to: 'personId' in next.action && next.action.personId,
          instead: next.action.instead,
        }
      : next;
  };

  it('goes to whoever has the role there', () => {
    expect(asked({ parent: [boss] })).toEqual({ by: 'send', to: 'boss', instead: undefined });
  });

  it("goes to the customer's own where nobody there has it, or all of theirs is of the past, and says so", () => {
    const instead = { by: 'send', to: 'ap', instead: 'nobody_at_parent' };
    expect(asked({ parent: [] })).toEqual(instead);
    expect(asked({ parent: [{ ...boss, roles: ['other'] }] })).toEqual(instead);
    expect(asked({ parent: [{ ...boss, points: statuses('retired') }] })).toEqual(instead);
    expect(asked({ parent: null })).toEqual({ ...instead, instead: 'no_parent' });
  });

  it('tells no company what a person owes', () => {
    expect(asked({ kind: 'person', parent: [boss] })).toEqual({ by: 'send', to: 'ap', instead: 'no_parent' });
  });

  it('goes by what the addresses there may be used for, and to nobody else', () => {
    const refusing = {
      ...boss,
      points: above.map((point) => ({ ...point, consents: { email: 'withdrawn' as const } })),
    };
    expect(withReason({ parent: [refusing] })).toBe('no_consent');
    expect(withReason({ parent: [{ ...boss, points: statuses('suppressed') }] })).toBe('suppressed');
  });

  it('is called there', () => {
    const call = campaignOf([
      { key: 's', at: { anchor: 'due_date', offset: 'P1D' }, task: 'call', recipients: { of: 'parent' } },
    ]);
    expect(asked({ parent: [boss] }, call)).toMatchObject({ by: 'task', instead: undefined });
    expect(asked({ parent: [] }, call)).toMatchObject({ by: 'task', instead: 'nobody_at_parent' });
    const silent: PersonFacts = {
      ...boss,
      points: [{ id: 'phone', kind: 'phone', status: 'active', consents: { call: 'withdrawn' } }],
    };
    expect(withReason({ parent: [silent] }, call)).toBe('no_consent');
  });

  const withReason = (customer: Partial<CustomerFacts>, steps = ladder): string | undefined =>
    new Walk(withCustomer({ people: own, ...customer }), steps).until('2026-04-02').decisions[0]?.by;
});
