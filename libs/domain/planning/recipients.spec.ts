import { campaignOf, dueStep, factsOf, pointsOf, reachableBy } from '#domain/facts.factory.js';
import type { SendTarget } from '#domain/campaign/document.js';
import type { Barred, CustomerFacts, EnrolmentFacts, PointFacts } from '#domain/facts.js';
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
