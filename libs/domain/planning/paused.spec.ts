import { campaignOf, dueStep, factsOf, holdOf, invoiceFactsOf, paid } from '#domain/facts.factory.js';
import { planAnswers } from './plan.js';
import { Walk } from './walk.factory.js';

const ladder = campaignOf([dueStep('overdue', 'P1D'), dueStep('second', 'P3D'), dueStep('final', 'P14D')]);
const paused = { paused: true };

describe('while a campaign is paused', () => {
  it('what comes due is recorded as kept back by the pause, each once', () => {
    const walk = new Walk(factsOf(paused), ladder).until('2026-04-05');
    expect(walk.deferrals).toEqual([
      '2026-04-01 10:00 overdue It is paused.',
      '2026-04-03 10:00 second It is paused.',
    ]);
    expect([walk.log, walk.ended]).toEqual([[], null]);
  });

  it('a payment still ends the outreach', () => {
    const walk = new Walk(factsOf(paused), ladder)
      .until('2026-04-05')
      .change({ invoice: paid(invoiceFactsOf()) });
    expect(walk.ended).toBe('settled');
  });

  it('an answer that somebody asked for goes out all the same', () => {
    const requestedAnswers = [{ id: 'A', medium: 'email' as const, notBefore: null }];
    expect(planAnswers(factsOf({ ...paused, requestedAnswers }), 0).action).toMatchObject({ requestId: 'A' });
  });

  it('an unpaid invoice is not handed over at the end of its ladder', () => {
    const handing = campaignOf([dueStep('overdue', 'P1D')], { whenExhausted: 'hand_over' });
    const walk = new Walk(factsOf(), handing).until('2026-04-02').change(paused).until('2026-06-01');
    expect(walk.log).toEqual(['2026-04-01 10:00 overdue email']);
    expect(walk.change({ paused: false }).log).toContain('2026-06-01 00:00 hand_over');
  });
});

describe('after it was resumed', () => {
  it('what waited comes out one by one, with the distances of the ladder', () => {
    const walk = new Walk(factsOf(paused), ladder)
      .until('2026-04-10 23:00')
      .change({ paused: false })
      .until();
    expect(walk.log).toEqual([
      '2026-04-11 10:00 overdue email',
      '2026-04-13 10:00 second email',
      '2026-04-24 10:00 final email',
    ]);
  });

  it('a hold that stands goes on keeping it back', () => {
    const walk = new Walk(factsOf({ ...paused, holds: [holdOf()] }), ladder).until('2026-04-02');
    expect(walk.change({ paused: false }).until('2026-04-20').log).toEqual([]);
  });
});
