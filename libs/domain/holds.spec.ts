import { endsByItself, HOLD_KINDS, HOLD_TRAITS } from './holds.js';
import { local } from './facts.factory.js';

const LONDON = 'Europe/London';

describe('kinds of holds', () => {
  it.each([
    ['dispute', { isOfCustomer: false, needsEvidence: false, stopsFees: true }],
    ['promise', { isOfCustomer: false, needsEvidence: false, stopsFees: false }],
    ['plan', { isOfCustomer: false, needsEvidence: false, stopsFees: true }],
    ['hardship', { isOfCustomer: true, needsEvidence: false, stopsFees: true }],
    ['bankruptcy', { isOfCustomer: true, needsEvidence: true, stopsFees: true }],
    ['legal', { isOfCustomer: false, needsEvidence: false, stopsFees: false }],
    ['breathing_space', { isOfCustomer: true, needsEvidence: true, stopsFees: true, days: 60 }],
    ['deceased', { isOfCustomer: true, needsEvidence: true, stopsFees: true }],
    ['manual', { isOfCustomer: false, needsEvidence: false, stopsFees: false }],
    ['reply', { isOfCustomer: false, needsEvidence: false, stopsFees: false }],
  ] as const)('%s', (kind, traits) => {
    expect(HOLD_TRAITS[kind]).toEqual({ days: null, ...traits });
  });

  it('end by themselves where a law says how long: a breathing space after its sixtieth day', () => {
    const from = local('2026-03-01 15:00', LONDON);
    expect(endsByItself('breathing_space', from, LONDON)).toBe(local('2026-04-30 00:00', LONDON));
    for (const kind of HOLD_KINDS.filter((each) => each !== 'breathing_space'))
      expect(endsByItself(kind, from, LONDON)).toBeNull();
  });
});
