import { campaignOf, dueStep, factsOf, holdOf, invoiceFactsOf, paid, stepAt } from '#domain/facts.factory.js';
import { planAnswers } from './plan.js';
import { Walk } from './walk.factory.js';

const ladder = campaignOf([dueStep('overdue', 'P1D'), dueStep('final', 'P14D')]);
const stopped = { stopped: true };
const going = { stopped: false };

describe('while everything is stopped', () => {
  it('a step that comes due is recorded as kept back, and then nothing wakes it', () => {
    const walk = new Walk(factsOf(stopped), ladder).until('2026-04-03');
    expect(walk.deferrals).toEqual(['2026-04-01 10:00 overdue An emergency stop holds everything back.']);
    expect([walk.log, walk.until('2026-04-15').waitsUntil]).toEqual([[], null]);
  });

  it('a hold beside it changes nothing', () => {
    const walk = new Walk(factsOf({ ...stopped, holds: [holdOf()] }), ladder).until('2026-04-03');
    walk.change({ holds: [] });
    expect(walk.deferrals).toEqual(['2026-04-01 10:00 overdue An emergency stop holds everything back.']);
    expect(walk.log).toEqual([]);
  });

  it('a payment still ends the outreach', () => {
    const walk = new Walk(factsOf(stopped), ladder).until('2026-04-03');
    walk.change({ invoice: paid(invoiceFactsOf()) });
    expect(walk.ended).toBe('settled');
  });

  it('no answer goes out, and none is tried by itself', () => {
    const answer = { id: 'A', medium: 'email' as const, notBefore: null };
    const facts = factsOf({ ...stopped, requestedAnswers: [answer] });
    expect(planAnswers(facts, 0)).toEqual({ action: null, putOff: null });
    expect(planAnswers({ ...facts, ...going }, 0).action).toMatchObject({ requestId: 'A' });
  });

  it('what may only be said in time becomes too late when its time is over', () => {
    const walk = new Walk(factsOf(stopped), campaignOf([dueStep('heads-up', '-P3D')])).until('2026-04-03');
    expect(walk.log).toEqual(['2026-04-01 00:00 heads-up too_late']);
  });
});

describe('after the release', () => {
  it('what is a little late goes out at once', () => {
    const walk = new Walk(factsOf(stopped), ladder).until('2026-04-01 12:00').change(going);
    expect(walk.log).toEqual(['2026-04-01 12:00 overdue email']);
  });

  it('what was due at night waits for its time of day, and the ladder keeps its distances', () => {
    const walk = new Walk(factsOf(stopped), ladder).until('2026-04-10 23:00').change(going).until();
    expect(walk.log).toEqual(['2026-04-11 10:00 overdue email', '2026-04-24 10:00 final email']);
  });

  it('a call waits like a letter', () => {
    const call = stepAt(
      'call',
      { anchor: 'due_date', offset: 'P1D', time: '10:00' },
      { send: undefined, template: undefined, task: 'call' },
    );
    const walk = new Walk(factsOf(stopped), campaignOf([call])).until('2026-04-01 11:00');
    expect(walk.log).toEqual([]);
    expect(walk.change(going).log).toEqual(['2026-04-01 11:00 call call']);
  });
});
