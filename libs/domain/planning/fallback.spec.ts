import type { SendTarget } from '#domain/campaign/document.js';
import {
  campaignOf,
  dueStep,
  factsOf,
  reachableBy,
  pointsOf,
  type StepInput,
} from '#domain/facts.factory.js';
import type { StepOutcome } from './outcome.js';
import { Walk } from './walk.factory.js';

const ALL: SendTarget[] = ['email', 'sms', 'telegram'];

const oneStep = (overrides: Partial<StepInput> = {}) =>
  campaignOf([dueStep('s', 'P1D', { send: ALL, ...overrides })], { whenExhausted: 'nothing' });

const twoSteps = (overrides: Partial<StepInput> = {}) =>
  campaignOf([dueStep('s', 'P1D', { send: ALL, ...overrides }), dueStep('later', 'P9D')]);

const answers = (...kinds: ('accepted' | 'rejected' | 'unknown')[]) => {
  const left = [...kinds];
  return (): StepOutcome => ({ kind: left.shift() ?? 'accepted' });
};

describe('a message that was accepted and did not arrive', () => {
  it('is followed by the next channel, and that by the next but those that failed', () => {
    const walk = new Walk(factsOf(), twoSteps()).until('2026-04-01 10:05').receipt('bounced');
    expect(walk.log).toEqual(['2026-04-01 10:00 s email', '2026-04-01 10:05 s sms']);
    walk.until('2026-04-01 11:00').receipt('failed').until('2026-04-01 12:00');
    expect(walk.log.slice(2)).toEqual(['2026-04-01 11:00 s telegram']);
    walk.receipt('failed');
    expect(walk.log.at(-1)).toBe('2026-04-01 12:00 s undeliverable');
  });

  it('becomes one call where the next channel is a person', () => {
    const walk = new Walk(factsOf(), twoSteps({ send: ['email', 'call'] })).until('2026-04-01 10:05');
    walk.receipt('bounced');
    expect(walk.until('2026-04-06').log).toEqual(['2026-04-01 10:00 s email', '2026-04-01 10:05 s call']);
  });

  it('is followed as well when its provider refused it after it was taken for sent', () => {
    const walk = new Walk(factsOf(), twoSteps(), answers('unknown')).until('2026-04-01 10:05');
    const { lastSent } = walk.facts;
    expect(lastSent && walk.change({ lastSent: { ...lastSent, state: 'rejected' } }).log).toEqual([
      '2026-04-01 10:00 s email',
      '2026-04-01 10:05 s sms',
    ]);
  });

  it('does not come back to a channel that was refused before', () => {
    const walk = new Walk(factsOf(), twoSteps(), answers('rejected'))
      .until('2026-04-01 10:05')
      .receipt('failed');
    expect(walk.log).toEqual([
      '2026-04-01 10:00 s email rejected',
      '2026-04-01 10:00 s sms',
      '2026-04-01 10:05 s telegram',
    ]);
  });

  it('is left alone once a later step went out', () => {
    const walk = new Walk(factsOf(), twoSteps()).until('2026-04-09 10:00');
    const { lastSent } = walk.facts;
    const first = { ...lastSent, stepKey: 's', delivery: 'bounced' as const };
    walk.change({ lastSent: first as typeof lastSent });
    expect(walk.log).toEqual(['2026-04-01 10:00 s email', '2026-04-09 10:00 later email']);
  });

  it('is left alone after the deadline of its step', () => {
    const walk = new Walk(factsOf(), twoSteps({ validFor: 'PT2H' }))
      .until('2026-04-01 13:00')
      .receipt('bounced');
    expect(walk.log).toEqual(['2026-04-01 10:00 s email']);
  });

  it('is not sent again when nothing is owed any more', () => {
    const walk = new Walk(factsOf(), twoSteps()).until('2026-04-01 10:05');
    const { invoice } = walk.facts;
    walk.change({ invoice: { ...invoice, status: 'settled', parts: [] } }).receipt('bounced');
    expect(walk.log).toEqual(['2026-04-01 10:00 s email']);
  });
});

describe('a message that nothing was found of', () => {
  const released = (delivery: 'delivered' | null) => {
    const walk = new Walk(factsOf(), twoSteps(), answers('unknown')).until('2026-04-01 10:05');
    const { lastSent } = walk.facts;
    return lastSent && walk.change({ lastSent: { ...lastSent, state: 'not_reached', delivery } });
  };

  it('is sent again by the same channel where its policy lets it be', () => {
    expect(released(null)?.log).toEqual(['2026-04-01 10:00 s email', '2026-04-01 10:05 s email']);
  });

  it('is not when it arrived after all', () => {
    expect(released('delivered')?.log).toEqual(['2026-04-01 10:00 s email']);
  });
});

describe('a message that is not seen to arrive', () => {
  it('is followed by the next channel after the time its step gives it, before the ladder ends', () => {
    const walk = new Walk(factsOf(), oneStep({ unlessDelivered: 'PT4H' })).until();
    expect(walk.log).toEqual([
      '2026-04-01 10:00 s email',
      '2026-04-01 14:00 s sms',
      '2026-04-01 18:00 s telegram',
    ]);
    expect(walk.ended).toBe('exhausted');
  });

  it('is not followed when it arrived in time', () => {
    const walk = new Walk(factsOf(), oneStep({ unlessDelivered: 'PT4H' })).until('2026-04-01 13:59');
    walk.receipt('delivered').until();
    expect(walk.log).toEqual(['2026-04-01 10:00 s email']);
  });

  it('is never followed when nobody knows whether it went out', () => {
    const walk = new Walk(factsOf(), oneStep({ unlessDelivered: 'PT4H' }), answers('unknown')).until();
    expect(walk.log).toEqual(['2026-04-01 10:00 s email']);
  });

  it('is left as sent when there is no other channel', () => {
    const facts = factsOf({ customer: reachableBy(pointsOf('email')) });
    const walk = new Walk(facts, oneStep({ unlessDelivered: 'PT4H' })).until();
    expect(walk.log).toEqual(['2026-04-01 10:00 s email']);
    expect(walk.ended).toBe('exhausted');
  });
});
