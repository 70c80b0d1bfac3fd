import { anEnrolment, NOW } from './evidence.factory.js';
import type { EnrolmentRow, Fact } from './evidence.js';
import { enrolmentsAreSettled, noStepIsLost } from './enrolments.js';

describe('enrolments are settled', () => {
  const judged = (overrides: Partial<EnrolmentRow>, undelivered: string[] = []): string[] =>
    enrolmentsAreSettled([anEnrolment(overrides)], undelivered).map(({ rule }) => rule);

  it('when they are planned from all that is known, and one workflow walks each that is open', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ state: 'ended', workflow: 'COMPLETED' })).toEqual([]);
    expect(judged({ state: 'ended', workflow: null })).toEqual([]);
  });

  it.each([
    ['not_settled', { plannedVersion: 2 }],
    ['no_workflow', { workflow: null }],
    ['no_workflow', { workflow: 'TERMINATED' }],
    ['workflow_left', { state: 'ended' }],
  ] as const)('else: %s', (rule, overrides) => {
    expect(judged(overrides)).toEqual([rule]);
  });

  it('and every fact was told', () => {
    expect(judged({}, ['invoice/1/2'])).toEqual(['outbox_undelivered']);
  });
});

describe('no step is lost', () => {
  const of = { customerId: 'customer-1', version: 5, committedAt: NOW };
  const judged = (overrides: Partial<EnrolmentRow>, facts: Fact[] = []): string[] =>
    noStepIsLost(
      [anEnrolment(overrides)],
      facts,
      new Map([['invoice-1', 'customer-1']]),
      ['first', 'second'],
      NOW,
    ).map(({ rule }) => rule);

  it('when a plan made now waits as long as the stored one', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ nextDueAt: null, replanned: { kind: 'wait', until: null } })).toEqual([]);
    expect(judged({ nextDueAt: NOW + 1_000 })).toEqual(['plan_differs']);
  });

  it('when there is nothing to do that nobody does', () => {
    expect(judged({ replanned: { kind: 'act', until: null } })).toEqual(['step_overdue']);
    expect(judged({ replanned: { kind: 'finished', until: null } })).toEqual(['step_overdue']);
    const past = NOW - 60_000;
    expect(judged({ nextDueAt: past, replanned: { kind: 'wait', until: past } })).toEqual(['step_overdue']);
  });

  it('when each was decided of an invoice that nobody paid or held', () => {
    expect(judged({ decided: ['first'] })).toEqual(['step_lost']);
    expect(judged({ decided: ['first'] }, [{ ...of, kind: 'closed', invoiceId: 'invoice-1' }])).toEqual([]);
    const hold = { ...of, kind: 'held', holdId: 'hold-1', until: null } as const;
    expect(judged({ decided: ['first'] }, [{ ...hold, invoiceId: null }])).toEqual([]);
    expect(judged({ decided: ['first'] }, [{ ...hold, invoiceId: 'invoice-2' }])).toEqual(['step_lost']);
  });

  it('but for one that is being tried again', () => {
    const soon = NOW + 300_000;
    expect(judged({ decided: ['first'], nextDueAt: soon, replanned: { kind: 'wait', until: soon } })).toEqual(
      [],
    );
  });
});
