import { campaignOf, dueStep, local } from '#domain/facts.factory.js';
import { auditRecords } from './audit-records.js';
import type { DecisionRecord } from './decision-record.js';
import { inLedgerOrder, toLedgerLine } from './decision-record.js';
import { buildReport, type Played, type StepReport } from './report.js';
import type { Scenario, ScenarioInvoice } from './scenario.js';

const NOON = local('2026-04-01 12:00');

const record = (overrides: Partial<DecisionRecord> = {}): DecisionRecord => ({
  at: NOON,
  customer: 'C1',
  dueOn: '2026-03-31',
  invoice: 'I1',
  step: 'a',
  stepIndex: 0,
  occurrence: 0,
  channel: 'email',
  decision: 'sent',
  contact: 'accepted',
  reasons: [],
  deferredBy: [],
  person: null,
  ...overrides,
});

const played = (overrides: Partial<Played> = {}): Played => ({
  document: campaignOf([dueStep('a', 'P1D'), dueStep('b', 'P2D')]),
  invoices: 2,
  customers: 1,
  from: local('2026-03-01', 'UTC'),
  to: NOON,
  records: [],
  open: {},
  contacts: 3,
  paid: 1,
  violations: [],
  ...overrides,
});

const stepOf = (records: DecisionRecord[], open: Record<string, number> = {}): StepReport | undefined =>
  buildReport(played({ records, open })).steps['a'];

describe('buildReport', () => {
  it('names every step, also one that nothing came of, and gives dates in UTC', () => {
    const none = {
      due: 0,
      sent: 0,
      tasks: 0,
      merged: 0,
      suppressed: {},
      deferred: 0,
      deferredBy: {},
      open: 0,
      byChannel: {},
    };
    expect(buildReport(played())).toEqual({
      invoices: 2,
      customers: 1,
      from: '2026-03-01',
      to: '2026-04-01',
      steps: { a: none, b: none },
      contacts: 3,
      paid: 1,
      violations: [],
    });
  });

  it('adds up: due is what was sent, became a task, was merged or suppressed, or is open', () => {
    const step = stepOf(
      [
        record(),
        record({ decision: 'task', contact: null, channel: 'call' }),
        record({ decision: 'merged', contact: null, channel: null }),
        record({ decision: 'suppressed', contact: null, channel: null, reasons: ['balance', 'hold'] }),
        record({ decision: 'suppressed', contact: null, channel: null, reasons: ['too_late'] }),
        record({ decision: 'suppressed', contact: null, channel: null, reasons: ['too_late'] }),
      ],
      { a: 4 },
    );
    expect(step).toEqual({
      due: 10,
      sent: 1,
      tasks: 1,
      merged: 1,
      suppressed: { balance: 1, too_late: 2 },
      deferred: 0,
      deferredBy: {},
      open: 4,
      byChannel: { email: 1, call: 1 },
    });
  });

  it('counts as deferred what was put off, whatever became of it, and a decision once', () => {
    const step = stepOf([
      record({ deferredBy: ['courteous/hours', 'hold'] }),
      record({ deferredBy: ['hold'], decision: 'deferred', contact: null, channel: null, reasons: ['hold'] }),
    ]);
    expect(step).toMatchObject({
      due: 1,
      sent: 1,
      deferred: 2,
      deferredBy: { 'courteous/hours': 1, hold: 2 },
    });
  });

  it.each(['attempting', 'throttled', 'not_reached', 'rejected'] as const)(
    'counts a message that is %s as open, which its step is, and not as sent',
    (contact) => {
      expect(stepOf([record({ contact })], { a: 1 })).toMatchObject({
        due: 1,
        sent: 0,
        open: 1,
        byChannel: {},
      });
    },
  );

  it('counts a message of which nobody knows whether it went out as open, though its step is decided', () => {
    expect(stepOf([record({ contact: 'unknown' }), record()])).toMatchObject({
      due: 2,
      sent: 1,
      open: 1,
      byChannel: { email: 1 },
    });
  });

  it('leaves out what no step of the campaign did', () => {
    expect(buildReport(played({ records: [record({ step: 'gone' })] })).steps['a']?.due).toBe(0);
  });
});

describe('the ledger', () => {
  it('goes by time, customer, due date, invoice and place in the ladder', () => {
    const ordered = [
      record({ at: NOON - 1, customer: 'Z' }),
      record({ customer: 'B' }),
      record({ customer: 'a', dueOn: '2026-01-01', invoice: 'I9' }),
      record({ customer: 'a', invoice: 'I1', stepIndex: 2 }),
      record({ customer: 'a', invoice: 'I2', stepIndex: 0, occurrence: 3 }),
      record({ customer: 'a', invoice: 'I2', stepIndex: 1, occurrence: 0 }),
      record({ customer: 'a', invoice: 'I2', stepIndex: 1, occurrence: 1 }),
    ];
    expect([...ordered].reverse().sort(inLedgerOrder)).toEqual(ordered);
  });

  it('writes a line by names given from outside, its time in UTC', () => {
    expect(
      toLedgerLine(record({ decision: 'suppressed', contact: null, channel: null, reasons: ['balance'] })),
    ).toEqual({
      at: '2026-04-01T10:00:00Z',
      customer: 'C1',
      invoices: ['I1'],
      step: 'a',
      channel: null,
      decision: 'suppressed',
      reasons: ['balance'],
    });
  });
});

describe('auditRecords', () => {
  const invoice = (paidOn: string | null): ScenarioInvoice => ({
    input: {
      externalId: 'I1',
      customerExternalId: 'C1',
      total: '100.00',
      currency: 'EUR',
      issuedOn: '2026-03-01',
      dueOn: '2026-03-31',
    },
    settlement: paidOn === null ? null : { paidOn, amount: '100.00' },
  });
  const scenario = (paidOn: string | null): Scenario => ({
    document: campaignOf([dueStep('a', 'P1D')]),
    customers: [],
    invoices: [invoice(paidOn)],
    zone: 'UTC',
    answers: new Map(),
  });
  const audit = (records: DecisionRecord[], paidOn: string | null = null): string[] =>
    auditRecords(records, scenario(paidOn), () => 'Europe/Berlin').map(
      ({ rule, contact }) => `${rule} ${contact}`,
    );

  it('finds nothing wrong with one message about an open invoice', () => {
    expect(audit([record(), record({ occurrence: 1 })])).toEqual([]);
  });

  it('finds a step that was carried out twice', () => {
    expect(audit([record(), record({ decision: 'task' })])).toEqual(['once I1/a#0']);
  });

  it('finds what went out from 00:00 of the day of payment where the customer is, and nothing before', () => {
    const midnight = local('2026-04-02 00:00');
    expect(audit([record({ at: midnight })], '2026-04-02')).toEqual(['paid I1/a#0']);
    expect(audit([record({ at: midnight - 1 })], '2026-04-02')).toEqual([]);
  });

  it('does not mind what was held back', () => {
    const heldBack = record({
      at: local('2026-05-01'),
      decision: 'suppressed',
      contact: null,
      channel: null,
    });
    expect(audit([heldBack, heldBack], '2026-04-02')).toEqual([]);
  });
});
