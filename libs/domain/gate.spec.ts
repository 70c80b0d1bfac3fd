import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  invoiceFactsOf,
  local,
  paid,
  partFactsOf,
  reachableBy,
  stepOn,
} from './facts.factory.js';
import type { Step } from './campaign/document.js';
import type { EnrolmentFacts, PointFacts } from './facts.js';
import { gate, type GateDecision, type SendAction } from './gate.js';

const NOW = local('2026-04-01 10:00');
const [overdue, broken] = campaignOf([dueStep('overdue', 'P1D'), stepOn('broken', 'promise_broken')])
  .steps as [Step, Step];

const action = (overrides: Partial<SendAction> = {}): SendAction => ({
  kind: 'send',
  step: overdue,
  stepKey: 'overdue',
  stepIndex: 0,
  occurrence: 0,
  dueAt: NOW,
  medium: 'email',
  personId: 'P1',
  pointId: 'email',
  deadline: Infinity,
  ...overrides,
});

const decide = (
  facts: EnrolmentFacts = factsOf(),
  overrides: Partial<SendAction> = {},
  now = NOW,
): GateDecision => gate(facts, action(overrides), now);

const rulesOf = (decision: GateDecision): string[] =>
  decision.kind === 'send' ? [] : decision.reasons.map(({ rule }) => rule);

describe('gate', () => {
  it('lets a message about an open invoice out', () => {
    expect(decide()).toEqual({ kind: 'send' });
  });

  it('suppresses when nothing is owed, and sends for the last cent', () => {
    const owing = (left: number) => factsOf({ invoice: { parts: [partFactsOf({ paid: 10_000 - left })] } });
    expect(decide(owing(1))).toEqual({ kind: 'send' });
    expect(decide(owing(0))).toEqual({
      kind: 'suppress',
      reasons: [{ rule: 'balance', text: 'Nothing is owed on the invoice any more.' }],
    });
  });

  it('defers while all that is owed is under way, and not for a cent less', () => {
    const pending = (minor: number) =>
      factsOf({ invoice: { parts: [partFactsOf({ paid: 4_000, pending: minor })] } });
    expect(decide(pending(6_000))).toEqual({
      kind: 'defer',
      until: null,
      reasons: [{ rule: 'balance', text: 'A payment of all that is owed is under way.' }],
    });
    expect(decide(pending(5_999))).toEqual({ kind: 'send' });
  });

  it('does not let what is overpaid on one part stand for another part', () => {
    const parts = [partFactsOf({ paid: 20_000 }), partFactsOf({ sequence: 2, amount: 1 })];
    expect(decide(factsOf({ invoice: { parts } }))).toEqual({ kind: 'send' });
  });

  it.each(['settled', 'cancelled', 'written_off'] as const)(
    'suppresses for an invoice that is %s',
    (status) => {
      expect(rulesOf(decide(factsOf({ invoice: { status } })))).toEqual(['balance']);
    },
  );

  it('defers to the end of a hold, and sends at that very instant', () => {
    const facts = factsOf({ holds: [holdOf({ kind: 'legal', until: NOW + 1 })] });
    expect(decide(facts)).toEqual({
      kind: 'defer',
      until: NOW + 1,
      reasons: [{ rule: 'hold', text: 'On hold: legal.' }],
    });
    expect(decide(facts, {}, NOW + 1)).toEqual({ kind: 'send' });
  });

  it('defers without a time for a hold without an end, and names the holds that stand and no other', () => {
    const ended = holdOf({ id: 'H2', kind: 'manual', until: NOW });
    const later = holdOf({ id: 'H3', kind: 'hardship', until: NOW + 5 });
    expect(decide(factsOf({ holds: [holdOf(), ended, later] }))).toEqual({
      kind: 'defer',
      until: null,
      reasons: [{ rule: 'hold', text: 'On hold: dispute, hardship.' }],
    });
  });

  it('lets a step about a promise through the hold of that promise, but through no other', () => {
    const promise = holdOf({ id: 'H2', kind: 'promise', until: NOW + 5 });
    expect(decide(factsOf({ holds: [promise] }), { step: broken })).toEqual({ kind: 'send' });
    expect(decide(factsOf({ holds: [promise] })).kind).toBe('defer');
    const both = decide(factsOf({ holds: [promise, holdOf()] }), { step: broken });
    expect(both).toMatchObject({ kind: 'defer', reasons: [{ text: 'On hold: dispute.' }] });
  });

  it.each(['invalid', 'retired', 'suppressed'] as const)('suppresses for an address that is %s', (status) => {
    const points: PointFacts[] = [{ id: 'email', kind: 'email', status }];
    expect(rulesOf(decide(factsOf({ customer: reachableBy(points) })))).toEqual(['suppressed']);
  });

  it.each([
    [{ medium: 'email', purpose: null }, 'suppress'],
    [{ medium: null, purpose: 'reminder' }, 'suppress'],
    [{ medium: 'email', purpose: 'reminder' }, 'suppress'],
    [{ medium: 'sms', purpose: null }, 'send'],
    [{ medium: 'email', purpose: 'notice' }, 'send'],
  ] as const)('of a reminder by e-mail, to an address that is barred for %j, says %s', (barred, kind) => {
    const points: PointFacts[] = [{ id: 'email', kind: 'email', status: 'active', barred: [barred] }];
    expect(decide(factsOf({ customer: reachableBy(points) })).kind).toBe(kind);
  });

  it('suppresses for an address that is not there any more', () => {
    expect(rulesOf(decide(factsOf(), { pointId: 'gone' }))).toEqual(['suppressed']);
  });

  it('suppresses at the deadline, and not a millisecond before', () => {
    expect(decide(factsOf(), { deadline: NOW + 1 })).toEqual({ kind: 'send' });
    expect(rulesOf(decide(factsOf(), { deadline: NOW }))).toEqual(['too_late']);
  });

  it('gives up what contact policies together never allow, in their words', () => {
    const never = (name: string) => ({ rule: `${name}/hours` as const, text: `Never, says ${name}.` });
    const keeping = { until: null, reasons: [never('house'), never('wishes')] };
    expect(gate(factsOf(), action(), NOW, keeping)).toEqual({
      kind: 'suppress',
      reasons: [{ rule: 'never_allowed', text: 'Never, says house. Never, says wishes.' }],
    });
  });

  it('defers by what contact policies have against it, when nothing else objects', () => {
    const reasons = [{ rule: 'courteous/hours' as const, text: 'Nothing now.' }];
    const keeping = { until: NOW + 2, reasons };
    expect(gate(factsOf(), action(), NOW, keeping)).toEqual({
      kind: 'defer',
      until: NOW + 2,
      reasons,
      byPolicy: true,
    });
    const held = gate(factsOf({ holds: [holdOf()] }), action(), NOW, keeping);
    expect(rulesOf(held)).toEqual(['hold']);
  });

  it('names the balance first, then the hold, the address, and the time', () => {
    const late = { deadline: NOW, pointId: 'gone' };
    const holds = [holdOf()];
    const settled = paid(invoiceFactsOf());
    expect(rulesOf(decide(factsOf({ invoice: settled, holds }), late))).toEqual(['balance']);
    expect(rulesOf(decide(factsOf({ holds }), late))).toEqual(['hold']);
    expect(rulesOf(decide(factsOf(), late))).toEqual(['suppressed']);
  });
});
