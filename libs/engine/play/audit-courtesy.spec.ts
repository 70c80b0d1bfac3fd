import { campaignOf, dueStep, local } from '#domain/facts.factory.js';
import { auditCourtesy } from './audit-courtesy.js';
import type { DecisionRecord } from './decision-record.js';
import { customerOf, scenarioOf } from './scenario.factory.js';

const document = campaignOf([dueStep('a', 'P1D')], { policy: 'courteous' });

const sentAt = (...moments: string[]): DecisionRecord[] =>
  moments.map((moment, occurrence) => ({
    at: local(moment),
    customer: 'C1',
    dueOn: '2026-03-31',
    invoice: 'I1',
    step: 'a',
    stepIndex: 0,
    occurrence,
    channel: 'email',
    decision: 'sent',
    contact: 'accepted',
    reasons: [],
    deferredBy: [],
    person: 'C1/0',
  }));

const rulesOf = (records: DecisionRecord[], overrides = {}): string[] =>
  auditCourtesy(records, scenarioOf({ document, ...overrides })).map(({ rule }) => rule);

describe('the audit of a courteous ledger', () => {
  it.each([
    [['2026-04-01 09:00', '2026-04-02 09:00', '2026-04-03 19:59'], []],
    [['2026-04-01 08:59'], ['hours']],
    [['2026-04-01 20:00'], ['hours']],
    [['2026-04-05 12:00'], ['sunday']],
    [['2026-04-01 10:00', '2026-04-02 09:59'], ['gap']],
    [['2026-04-01 10:00', '2026-04-02 10:00', '2026-04-04 10:00', '2026-04-08 09:59'], ['week']],
    [['2026-04-01 10:00', '2026-04-02 10:00', '2026-04-04 10:00', '2026-04-08 10:00'], []],
  ])('of contacts at %j complains of %j', (moments, rules) => {
    expect(rulesOf(sentAt(...moments))).toEqual(rules);
  });

  it('complains neither of a ladder without the policy nor of what went to nobody', () => {
    const night = sentAt('2026-04-01 03:00');
    expect(rulesOf(night, { document: campaignOf([dueStep('a', 'P1D')]) })).toEqual([]);
    expect(rulesOf(night.map((record) => ({ ...record, decision: 'suppressed' })))).toEqual([]);
  });

  it('counts by person, and a call for whoever answers it', () => {
    const moments = ['2026-04-01 10:00', '2026-04-01 12:00'];
    const [first, second] = sentAt(...moments) as [DecisionRecord, DecisionRecord];
    expect(rulesOf([first, { ...second, person: 'C1/1' }])).toEqual([]);
    expect(rulesOf([{ ...first, decision: 'task', person: null }, second])).toEqual(['gap']);
  });

  it('looks at the clock of where the customer is', () => {
    const morning = sentAt('2026-04-01 10:00');
    expect(rulesOf(morning, { customers: [customerOf({ zone: 'America/New_York' })] })).toEqual(['hours']);
  });
});
