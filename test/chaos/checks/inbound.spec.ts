import type { Deed } from '../debtors.js';
import { anAccept, NOW } from './evidence.factory.js';
import type { Fact } from './evidence.js';
import { debtorsAreHeard, type InboundRow } from './inbound.js';
import { nothingWhileStopped } from './stop.js';

const aDeed = (overrides: Partial<Deed> = {}): Deed => ({
  provider: 'twilio',
  key: 'SM1',
  kind: 'stop',
  medium: 'sms',
  address: '+12015550101',
  isTaken: true,
  ...overrides,
});
const stored: InboundRow = { provider: 'twilio', eventKey: 'SM1', isApplied: true };
const suppressed: Fact = {
  customerId: 'customer-1',
  version: 5,
  committedAt: NOW,
  kind: 'suppressed',
  suppressionId: 'suppression-1',
  pointKind: 'phone',
  normalised: '+12015550101',
  medium: 'sms',
  purpose: null,
};

describe('debtors are heard', () => {
  const judged = (deed: Partial<Deed>, inbound = [stored], facts: Fact[] = [suppressed]): string[] =>
    debtorsAreHeard([aDeed(deed)], inbound, facts).map(({ rule }) => rule);

  it('when what they said is stored once, applied, and a stop is obeyed', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ kind: 'reply' }, [stored], [])).toEqual([]);
    expect(judged({ kind: 'unsubscribe', key: null }, [])).toEqual([]);
  });

  it('else not', () => {
    expect(judged({ isTaken: false })).toEqual(['deed_not_taken']);
    expect(judged({}, [])).toEqual(['inbound_lost']);
    expect(judged({}, [stored, stored])).toEqual(['inbound_lost']);
    expect(judged({}, [{ ...stored, isApplied: false }])).toEqual(['inbound_waits']);
    expect(judged({}, [stored], [])).toEqual(['stop_ignored']);
    expect(judged({}, [stored], [{ ...suppressed, medium: 'telegram' }])).toEqual(['stop_ignored']);
    expect(judged({}, [stored], [{ ...suppressed, normalised: '+12015550102' }])).toEqual(['stop_ignored']);
  });
});

describe('an emergency stop', () => {
  const judged = (receivedAt: number): string[] =>
    nothingWhileStopped([anAccept({ receivedAt })], [{ from: NOW, to: NOW + 5_000 }]).map(({ rule }) => rule);

  it('holds everything within a second, until its release', () => {
    expect(judged(NOW + 1_000)).toEqual([]);
    expect(judged(NOW + 1_001)).toEqual(['sent_while_stopped']);
    expect(judged(NOW + 4_999)).toEqual(['sent_while_stopped']);
    expect(judged(NOW + 5_000)).toEqual([]);
  });
});
