import { campaignOf, dueStep, factsOf, local, partFactsOf } from '#domain/facts.factory.js';
import type { EnrolmentFacts, PartFacts } from '#domain/facts.js';
import type { SendAction } from '#domain/gate.js';
import { askedBy, occurrenceOf, partOf, type PlanFacts } from '#domain/instalments.js';
import { statementLine } from '#domain/statement.js';
import { Walk } from './walk.factory.js';

const instalment = (key: string, offset: string) =>
  dueStep(key, offset, { at: { anchor: 'instalment_date', offset, time: '10:00' } });
const [coming, overdue] = campaignOf([instalment('coming', '-P3D'), dueStep('overdue', 'P1D')]).steps;
if (!coming || !overdue) throw new Error('a ladder of two');

const part = (sequence: number, overrides: Partial<PartFacts>): PartFacts =>
  partFactsOf({ sequence, amount: 10_000, ...overrides });

const broken: PlanFacts = {
  number: 1,
  agreedAt: local('2026-04-02 12:00'),
  parts: ['2026-05-01', '2026-06-01'].map((dueOn) => ({ dueOn, amount: 10_000, paidInTime: 0 })),
  paid: 0,
  graceDays: 3,
  missesAllowed: 1,
};

describe('a milestone with a planned date', () => {
  const facts = (completedAt: number | null): EnrolmentFacts =>
    factsOf({ invoice: { parts: [part(1, { dueOn: '2026-04-10', milestone: 'stage 1', completedAt })] } });

  it('is not asked for before it is done, however late that is', () => {
    const walk = new Walk(
      facts(null),
      campaignOf([instalment('coming', '-P3D'), dueStep('overdue', 'P30D')]),
    );
    expect(walk.until('2026-05-30').log.filter((line) => line.endsWith('email'))).toEqual([]);
  });

  it('is asked for once it is done', () => {
    expect(
      askedBy(facts(local('2026-04-09 10:00')), { step: coming, occurrence: 1 }, local('2026-04-10 10:00')),
    ).toBe(10_000);
  });
});

describe('a plan that was broken', () => {
  const parts = [part(1, { dueOn: '2026-03-31' }), part(2, { dueOn: null, milestone: 'stage 2' })];
  const now = local('2026-05-10 10:00');

  it('leaves all that it was about due at once, whatever the parts of the invoice say', () => {
    const facts = factsOf({ invoice: { parts }, plan: broken });
    expect(askedBy(facts, { step: overdue, occurrence: 0 }, now)).toBe(20_000);
  });

  it('is not spoken of as if a part of it were a part of the invoice', () => {
    const facts = factsOf({ invoice: { parts: [part(1, { amount: 20_000 })] }, plan: broken });
    expect(partOf(facts, { step: coming, occurrence: occurrenceOf(broken, 1) }, now)).toBeNull();
  });
});

describe('a milestone that is done while a plan stands', () => {
  it('is no part of that plan', () => {
    const [, , done] = campaignOf([
      instalment('coming', '-P3D'),
      dueStep('overdue', 'P1D'),
      { key: 'done', on: 'milestone_completed', send: ['email'], template: 'overdue' },
    ]).steps;
    if (!done) throw new Error('a ladder of three');
    const facts = factsOf({
      invoice: { parts: [part(1, {}), part(2, { milestone: 'stage 2' })] },
      plan: broken,
    });
    expect(partOf(facts, { step: done, occurrence: 2 }, local('2026-04-20 10:00'))).toBeNull();
  });
});

describe('a plan that a person noted as a hold', () => {
  it('silences instalment reminders too: nobody said by when the parts are due', () => {
    const facts = factsOf({ holds: [{ id: 'H', kind: 'plan', until: null }] });
    const walk = new Walk(facts, campaignOf([instalment('missed', 'P2D')]));
    expect(walk.until('2026-04-20').log).toEqual([]);
  });
});

describe('a line of a statement', () => {
  it('takes money that is announced for a later part off that part alone', () => {
    const facts = factsOf({
      invoice: {
        dueOn: '2026-04-01',
        parts: [part(1, { dueOn: '2026-04-01' }), part(2, { dueOn: '2026-08-01', pending: 10_000 })],
      },
    });
    const action: SendAction = {
      kind: 'send',
      step: overdue,
      stepKey: 'overdue',
      stepIndex: 1,
      occurrence: 0,
      dueAt: local('2026-04-02 10:00'),
      medium: 'email',
      personId: 'P1',
      pointId: 'email',
      deadline: Infinity,
    };
    const line = statementLine({ facts, action }, 'N', local('2026-04-05 10:00'));
    expect(line).toMatchObject({ open: 10_000, pending: 0 });
  });
});

describe('a milestone that is the whole invoice', () => {
  it('is overdue by its own date, not by that of the invoice', () => {
    const parts = [
      part(1, { dueOn: '2026-06-09', milestone: 'delivery', completedAt: local('2026-04-10 10:00') }),
    ];
    const ladder = campaignOf([dueStep('second', 'P14D'), instalment('missed', 'P2D')]);
    const { log } = new Walk(factsOf({ invoice: { parts } }), ladder).until('2026-06-12');
    expect(log).toEqual(['2026-04-14 10:00 second not_due', '2026-06-11 10:00 missed email']);
  });
});

describe('what is asked for', () => {
  const now = local('2026-05-02 10:00');

  it('is never more than is owed, whatever was agreed on', () => {
    const plan = { ...broken, parts: broken.parts.map((each) => ({ ...each, dueOn: '2026-05-01' })) };
    const facts = factsOf({ invoice: { parts: [part(1, { paid: 8_000 })] }, plan });
    expect(askedBy(facts, { step: coming, occurrence: occurrenceOf(plan, 1) }, now)).toBe(2_000);
  });

  it('is nothing where all that is due is disputed, and then nothing is sent', () => {
    const parts = [
      part(1, { amount: 4_000, dueOn: '2026-03-31' }),
      part(2, { amount: 6_000, dueOn: '2026-09-01' }),
    ];
    const holds = [{ id: 'H', kind: 'dispute' as const, until: null, amount: 5_000 }];
    const walk = new Walk(factsOf({ invoice: { parts }, holds }), campaignOf([dueStep('overdue', 'P5D')]));
    expect(walk.until('2026-04-10').log).toEqual(['2026-04-05 10:00 overdue not_due']);
  });
});

describe('a plan of an earlier enrolment', () => {
  it('that was broken then passes over nothing now', () => {
    const ladder = campaignOf([dueStep('soft', 'P1D'), dueStep('final', 'P20D')], {
      onPromiseBroken: 'final',
    });
    const facts = factsOf({ plan: broken, enrolledAt: local('2026-09-01 00:00') });
    expect(new Walk(facts, ladder).until('2026-09-02').log).toEqual(['2026-09-01 10:00 soft email']);
  });
});

describe('a ladder that has ended while nothing is due', () => {
  it('is given to a person when something has been due for a week', () => {
    const parts = [part(1, { dueOn: null, milestone: 'delivery' }), part(2, { dueOn: '2026-12-01' })];
    const ladder = campaignOf([dueStep('overdue', 'P1D')], { whenExhausted: 'hand_over' });
    const walk = new Walk(factsOf({ invoice: { parts } }), ladder).until('2026-12-20');
    expect(walk.log).toEqual(['2026-04-01 10:00 overdue not_due', '2026-12-08 10:00 hand_over']);
  });
});
