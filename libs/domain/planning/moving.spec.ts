import { campaignOf, dueStep, factsOf, holdOf, local, stepAt, stepOn } from '#domain/facts.factory.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { weekendCalendar } from '#domain/working-days.js';
import { effectOf, move } from './moving.js';
import { Walk } from './walk.factory.js';

const first = campaignOf([dueStep('overdue', 'P1D'), dueStep('final', 'P14D')]);

/** Walks the first ladder until a moment, then moves to the other and walks to its end. */
const movedAt = (moment: string, to: CampaignDocument, from = first, facts = factsOf()): string[] => {
  const walk = new Walk(facts, from).until(moment);
  const { cursor, skips } = move(inputOf(walk, from), to, walk.now);
  const after = new Walk(walk.facts, to);
  after.cursor = cursor;
  after.now = walk.now;
  return [...walk.log, ...skips.map(({ stepKey, reason }) => `${stepKey} ${reason}`), ...after.until().log];
};

const inputOf = ({ facts, cursor }: Walk, document: CampaignDocument) => ({
  facts,
  document,
  cursor,
  calendar: weekendCalendar,
});

describe('an enrolment that moves to another version', () => {
  it('goes on where it was: what went out never comes again, wherever the new ladder has it', () => {
    const to = campaignOf([dueStep('overdue', 'P5D'), dueStep('final', 'P20D')]);
    expect(movedAt('2026-04-02', to)).toEqual([
      '2026-04-01 10:00 overdue email',
      '2026-04-20 10:00 final email',
    ]);
  });

  it('takes no more steps that are gone', () => {
    const to = campaignOf([dueStep('overdue', 'P1D')]);
    expect(movedAt('2026-04-02', to)).toEqual(['2026-04-01 10:00 overdue email']);
  });

  it('gives up what a hold kept back, when the step is gone', () => {
    const to = campaignOf([dueStep('final', 'P14D')]);
    const held = factsOf({ holds: [holdOf({ until: local('2026-04-05 12:00') })] });
    expect(movedAt('2026-04-02', to, first, held)).toEqual([
      'overdue removed',
      '2026-04-14 10:00 final email',
    ]);
  });

  it('takes new steps from then on, and none whose moment has passed', () => {
    const to = campaignOf([
      dueStep('overdue', 'P1D'),
      dueStep('second', 'P3D'),
      dueStep('third', 'P5D'),
      dueStep('fourth', 'P9D'),
      dueStep('final', 'P14D'),
    ]);
    expect(movedAt('2026-04-07', to)).toEqual([
      '2026-04-01 10:00 overdue email',
      'second too_late',
      'third too_late',
      '2026-04-09 10:00 fourth email',
      '2026-04-14 10:00 final email',
    ]);
  });

  it('does not catch up on repetitions that the new version adds, nor on what happened before it listened', () => {
    const to = campaignOf([
      dueStep('overdue', 'P1D', { repeat: { every: 'P1D', max: 6 } }),
      dueStep('final', 'P14D'),
    ]);
    expect(movedAt('2026-04-04 12:00', to)).toEqual([
      '2026-04-01 10:00 overdue email',
      ...['overdue', 'overdue', 'overdue'].map((key) => `${key} too_late`),
      '2026-04-05 10:00 overdue email',
      '2026-04-06 10:00 overdue email',
      '2026-04-14 10:00 final email',
    ]);
    const events = [{ kind: 'payment_failed' as const, sequence: 1, at: local('2026-04-02 09:00') }];
    const listening = campaignOf([dueStep('overdue', 'P1D'), stepOn('failed', 'payment_failed')]);
    expect(movedAt('2026-04-07', listening, first, factsOf({ events }))).toEqual([
      '2026-04-01 10:00 overdue email',
      'failed too_late',
    ]);
  });

  it('sends what was still to come at the next time of day when the new version has it earlier, one by one', () => {
    const from = campaignOf([dueStep('overdue', 'P1D'), dueStep('second', 'P20D'), dueStep('final', 'P30D')]);
    const to = campaignOf([dueStep('overdue', 'P1D'), dueStep('second', 'P3D'), dueStep('final', 'P5D')]);
    expect(movedAt('2026-04-12 22:00', to, from)).toEqual([
      '2026-04-01 10:00 overdue email',
      '2026-04-13 10:00 second email',
      '2026-04-15 10:00 final email',
    ]);
  });

  it('keeps a day from a step that went out and is gone', () => {
    const to = campaignOf([stepAt('final', { anchor: 'due_date', offset: 'P1D', time: '09:00' })]);
    expect(movedAt('2026-04-01 11:00', to)).toEqual([
      '2026-04-01 10:00 overdue email',
      '2026-04-02 10:00 final email',
    ]);
  });

  it('counts a following step from the decision that it follows', () => {
    const to = campaignOf([
      dueStep('overdue', 'P1D'),
      stepAt('final', { anchor: 'previous_step', offset: 'P3D', time: '10:00' }),
    ]);
    expect(movedAt('2026-04-02', to)).toEqual([
      '2026-04-01 10:00 overdue email',
      '2026-04-04 10:00 final email',
    ]);
  });
});

describe('what a move would change', () => {
  it('is told step by step', () => {
    const from = campaignOf([
      dueStep('overdue', 'P1D'),
      dueStep('second', 'P10D'),
      dueStep('third', 'P20D'),
      dueStep('letter', 'P30D'),
    ]);
    const to = campaignOf([
      dueStep('overdue', 'P2D'),
      dueStep('gentle', 'P3D'),
      dueStep('second', 'P8D'),
      dueStep('third', 'P25D'),
      dueStep('last', 'P40D'),
    ]);
    const walk = new Walk(factsOf(), from).until('2026-04-05');
    const { changes, done } = effectOf(inputOf(walk, from), to, walk.now);
    expect(Object.fromEntries(changes.map(({ stepKey, change }) => [stepKey, change]))).toEqual({
      second: 'earlier',
      third: 'later',
      letter: 'removed',
      gentle: 'skipped',
      last: 'added',
    });
    expect(done).toEqual(['overdue']);
  });

  it('is nothing where both versions say the same', () => {
    const walk = new Walk(factsOf(), first).until('2026-04-05');
    expect(effectOf(inputOf(walk, first), first, walk.now)).toEqual({ changes: [], done: ['overdue'] });
  });
});
