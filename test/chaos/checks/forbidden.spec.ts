import { aContact, aDecision, anAccept, NOW } from './evidence.factory.js';
import type { ContactRow, Decision, Fact } from './evidence.js';
import { closedMeanwhile, nothingForbidden } from './forbidden.js';
import { matchAccepts } from './match.js';

const of = { customerId: 'customer-1', version: 5, committedAt: NOW + 1_000 };
const closed: Fact = { ...of, kind: 'closed', invoiceId: 'invoice-1' };
const held: Fact = { ...of, kind: 'held', holdId: 'hold-1', invoiceId: 'invoice-1', until: null };
const suppressed: Fact = {
  ...of,
  kind: 'suppressed',
  suppressionId: 'suppression-1',
  pointKind: 'email',
  normalised: 'debtor@example.com',
  medium: null,
  purpose: null,
};

const judged = (
  facts: Fact[],
  decision: Partial<Decision> = {},
  contact: Partial<ContactRow> = {},
): string[] => nothingForbidden(facts, [aDecision(decision)], [aContact(contact)]).map(({ rule }) => rule);

describe('nothing is decided against a fact', () => {
  it.each([
    ['sent_when_closed', closed],
    ['sent_on_hold', held],
    ['sent_when_suppressed', suppressed],
  ])('of its version or before it: %s', (rule, fact) => {
    expect(judged([fact], { version: 5 })).toEqual([rule]);
    expect(judged([fact], { version: 6 })).toEqual([rule]);
    expect(judged([fact], { version: 4 })).toEqual([]);
  });

  it('that was committed, though the decision believed in an older version', () => {
    expect(judged([closed], { version: 4, at: NOW + 1_001 })).toEqual(['sent_when_closed']);
  });

  it('but for one that was taken back', () => {
    const back = { customerId: 'customer-1', version: 8, committedAt: NOW + 2_000 };
    expect(judged([closed, { ...back, kind: 'reopened', invoiceId: 'invoice-1' }], { version: 8 })).toEqual(
      [],
    );
    expect(judged([held, { ...back, kind: 'released', holdId: 'hold-1' }], { version: 8 })).toEqual([]);
    expect(
      judged([suppressed, { ...back, kind: 'lifted', suppressionId: 'suppression-1' }], { version: 8 }),
    ).toEqual([]);
    expect(judged([closed, { ...back, kind: 'reopened', invoiceId: 'invoice-1' }], { version: 7 })).toEqual([
      'sent_when_closed',
    ]);
  });

  it('and a hold ends by itself', () => {
    const brief: Fact = { ...held, until: NOW + 5_000 };
    expect(judged([brief], { at: NOW + 4_999 })).toEqual(['sent_on_hold']);
    expect(judged([brief], { at: NOW + 5_000 })).toEqual([]);
  });

  it('that concerns it: another invoice, address, medium or purpose it does not', () => {
    expect(judged([{ ...closed, invoiceId: 'invoice-2' }])).toEqual([]);
    expect(judged([{ ...held, invoiceId: 'invoice-2' }])).toEqual([]);
    expect(judged([{ ...held, invoiceId: null }])).toEqual(['sent_on_hold']);
    expect(judged([suppressed], {}, { normalised: 'other@example.com' })).toEqual([]);
    expect(judged([{ ...suppressed, medium: 'sms' }])).toEqual([]);
    expect(judged([{ ...suppressed, purpose: 'notice' }])).toEqual([]);
  });

  it('and an answer that somebody asked for is none', () => {
    expect(judged([held], {}, { kind: 'confirmation' })).toEqual([]);
  });
});

it('what was closed between decision and call is counted', () => {
  const matched = matchAccepts([anAccept({ receivedAt: NOW + 1_500 })], [aContact()]);
  expect(closedMeanwhile([closed], [aDecision({ version: 4 })], matched)).toBe(1);
  expect(
    closedMeanwhile([{ ...closed, committedAt: NOW + 2_000 }], [aDecision({ version: 4 })], matched),
  ).toBe(0);
  expect(closedMeanwhile([], [aDecision()], matched)).toBe(0);
});
