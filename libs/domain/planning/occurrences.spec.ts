import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  local,
  partFactsOf,
  promiseFactsOf as promise,
  stepAt,
  stepOn,
} from '#domain/facts.factory.js';
import { Walk } from './walk.factory.js';

describe('anchors', () => {
  it('counts from the issue date and from the due date', () => {
    const ladder = campaignOf([
      stepAt('welcome', { anchor: 'issue_date', offset: 'P2D' }),
      dueStep('soon', '-P3D'),
      dueStep('overdue', 'P1D'),
    ]);
    expect(new Walk(factsOf(), ladder).until().log).toEqual([
      '2026-03-03 10:00 welcome email',
      '2026-03-28 10:00 soon email',
      '2026-04-01 10:00 overdue email',
    ]);
  });

  it('counts from the instant the previous step was decided, sent or not', () => {
    const ladder = campaignOf([
      dueStep('sms', 'P1D', { send: ['sms'] }),
      stepAt('next', { anchor: 'previous_step', offset: 'P7D' }),
    ]);
    const people = [{ id: 'P1', roles: [], points: [{ id: 'e', kind: 'email', status: 'active' } as const] }];
    expect(new Walk(factsOf({ customer: { people } }), ladder).until().log).toEqual([
      '2026-04-01 10:00 sms no_address',
      '2026-04-08 10:00 next email',
    ]);
  });

  it('counts from a late previous step, and gives the day after it its local time', () => {
    const ladder = campaignOf([
      dueStep('first', 'P1D'),
      stepAt('second', { anchor: 'previous_step', offset: 'P7D', time: '09:00' }),
    ]);
    const walk = new Walk(factsOf(), ladder).down('2026-04-20 15:00').until();
    expect(walk.log).toEqual(['2026-04-20 15:00 first email', '2026-04-27 09:00 second email']);
  });

  it('waits for the last time of a previous step that repeats, and passes over steps that may never come', () => {
    const ladder = campaignOf([
      dueStep('nag', 'P1D', { repeat: { every: 'P2D', max: 2 } }),
      stepOn('failed', 'payment_failed'),
      stepAt('then', { anchor: 'previous_step', offset: 'P1D' }),
    ]);
    expect(new Walk(factsOf(), ladder).until().log).toEqual([
      '2026-04-01 10:00 nag email',
      '2026-04-03 10:00 nag email',
      '2026-04-04 10:00 then email',
    ]);
  });

  it('runs a ladder of seconds', () => {
    const ladder = campaignOf([
      stepAt('a', { anchor: 'issue_date', offset: 'PT5S' }),
      stepAt('b', { anchor: 'previous_step', offset: 'PT5S' }),
      stepAt('c', { anchor: 'previous_step', offset: 'PT5S' }),
    ]);
    const { decisions } = new Walk(factsOf(), ladder).until();
    expect(decisions.map(({ at }) => at - local('2026-03-01'))).toEqual([5_000, 10_000, 15_000]);
  });

  it('comes once for each promised date, but not for one that was cancelled', () => {
    const ladder = campaignOf([stepAt('remember', { anchor: 'promise_date', offset: '-P1D' })]);
    const promises = [promise({ cancelled: true, promisedOn: '2026-04-05' }), promise({ sequence: 2 })];
    expect(new Walk(factsOf({ promises }), ladder).until().log).toEqual(['2026-04-14 10:00 remember email']);
  });

  it('does not come for a promise that is kept, and comes again when the payment is taken back', () => {
    const ladder = campaignOf([stepAt('remember', { anchor: 'promise_date', offset: '-P1D' })]);
    const walk = new Walk(factsOf({ promises: [promise({ paid: 10_000 })] }), ladder).until('2026-04-10');
    expect(walk.waitsUntil).toBeNull();
    walk.change({ promises: [promise({ paid: 9_999 })] });
    expect(walk.until().log).toEqual(['2026-04-14 10:00 remember email']);
  });

  it('comes for each instalment that is not paid yet', () => {
    const ladder = campaignOf([stepAt('part', { anchor: 'instalment_date', offset: 'P1D' })]);
    const parts = [
      partFactsOf({ sequence: 1, dueOn: '2026-03-10', paid: 10_000 }),
      partFactsOf({ sequence: 2, dueOn: '2026-04-10', paid: 1 }),
      partFactsOf({ sequence: 3, dueOn: null }),
      partFactsOf({ sequence: 4, dueOn: '2026-05-10' }),
    ];
    expect(new Walk(factsOf({ invoice: { parts } }), ladder).until().log).toEqual([
      '2026-04-11 10:00 part email',
      '2026-05-11 10:00 part email',
    ]);
  });

  it('speaks of an instalment to come until the end of its date, and not after it', () => {
    const ladder = campaignOf([stepAt('part', { anchor: 'instalment_date', offset: '-P3D' })]);
    const parts = [partFactsOf({ dueOn: '2026-04-10' })];
    const logAfter = (moment: string) =>
      new Walk(factsOf({ invoice: { parts, dueOn: '2026-06-30' } }), ladder).down(moment).until().log;
    expect(logAfter('2026-04-10 12:00')).toEqual(['2026-04-10 12:00 part email']);
    expect(logAfter('2026-04-11 12:00')).toEqual(['2026-04-11 12:00 part too_late']);
  });

  it('starts an enrolment late in its instalments with the last that is overdue, not with all of them', () => {
    const ladder = campaignOf([stepAt('part', { anchor: 'instalment_date', offset: 'P1D' })]);
    const parts = ['2026-03-10', '2026-04-10', '2026-05-10', '2026-06-10'].map((dueOn, i) =>
      partFactsOf({ sequence: i + 1, dueOn }),
    );
    const facts = factsOf({ invoice: { parts }, enrolledAt: local('2026-05-20 11:00') });
    expect(new Walk(facts, ladder).until().log).toEqual([
      '2026-05-20 11:00 part too_late',
      '2026-05-20 11:00 part too_late',
      '2026-05-20 11:00 part email',
      '2026-06-11 10:00 part email',
    ]);
  });
});

describe('events', () => {
  const ladder = campaignOf([stepOn('failed', 'payment_failed'), stepOn('broken', 'promise_broken')]);
  const failed = (sequence: number, at: string) =>
    ({ kind: 'payment_failed', sequence, at: local(at) }) as const;

  it('goes out when the event happens, once for each', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-04-02 15:00');
    walk.change({ events: [failed(1, '2026-04-02 15:00')] }).until('2026-04-09 16:00');
    walk.change({ events: [failed(1, '2026-04-02 15:00'), failed(2, '2026-04-09 16:00')] }).until();
    expect(walk.log).toEqual(['2026-04-02 15:00 failed email', '2026-04-09 16:00 failed email']);
  });

  it('hears nothing of what happened before the enrolment', () => {
    const facts = factsOf({ enrolledAt: local('2026-04-05'), events: [failed(1, '2026-04-04 23:59')] });
    expect(new Walk(facts, ladder).until('2026-05-01').log).toEqual([]);
  });

  it('tells of several events that came during a hold once, with the newest', () => {
    const walk = new Walk(factsOf({ holds: [holdOf({ until: local('2026-04-20') })] }), ladder);
    walk.until('2026-04-02 15:00').change({ events: [failed(1, '2026-04-02 15:00')] });
    walk
      .until('2026-04-09 16:00')
      .change({ events: [failed(1, '2026-04-02 15:00'), failed(2, '2026-04-09 16:00')] });
    expect(walk.until().log).toEqual(['2026-04-09 16:00 failed too_late', '2026-04-20 10:00 failed email']);
  });

  it('tells that a promise is broken in the morning after its day, where the customer is', () => {
    const facts = factsOf({ promises: [promise()], customer: { zone: 'America/New_York' } });
    const walk = new Walk(facts, ladder).until();
    expect(walk.decisions[0]?.at).toBe(Date.parse('2026-04-16T14:00:00Z'));
    expect(walk.decisions).toHaveLength(1);
  });

  it('is silent about a promise that was kept, in parts or whole, and speaks again when a payment is reversed', () => {
    const walk = new Walk(factsOf({ promises: [promise({ amount: 5_000, paid: 5_000 })] }), ladder);
    expect(walk.until('2026-04-20').log).toEqual([]);
    walk.change({ promises: [promise({ amount: 5_000, paid: 4_999 })] }).until('2026-05-01');
    expect(walk.log).toEqual(['2026-04-20 10:00 broken email']);
  });

  it('waits for events as long as the invoice is open', () => {
    const walk = new Walk(factsOf(), ladder).until('2027-01-01');
    expect([walk.ended, walk.waitsUntil]).toEqual([null, null]);
  });
});
