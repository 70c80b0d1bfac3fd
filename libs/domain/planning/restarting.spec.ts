import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  local,
  promiseFactsOf,
  stepOn,
} from '#domain/facts.factory.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { Resumption } from '#domain/holds.js';
import { weekendCalendar } from '#domain/working-days.js';
import { initialCursor } from './cursor.js';
import { move } from './moving.js';
import { untoldPromise } from './resuming.js';
import { Walk } from './walk.factory.js';

const ladder = (overrides: object = {}) =>
  campaignOf([dueStep('ahead', '-P3D'), dueStep('soft', 'P1D'), dueStep('firm', 'P7D')], overrides);

const restartAt = (at: string, from = '2026-04-02 08:00'): Resumption => ({
  rule: 'restart',
  from: local(from),
  at: local(at),
});

/** A ladder whose first two steps went out, on hold from 2 April on. */
const held = (facts: Partial<EnrolmentFacts> = {}): Walk =>
  new Walk(factsOf(facts), ladder()).until('2026-04-02 08:00').change({ holds: [holdOf()] });

const runsOf = ({ decisions }: Walk): string[] =>
  decisions.map(({ run, step, by }) => `${run} ${step} ${by}`);

describe('a ladder that begins again after a hold', () => {
  it('takes its overdue steps once more, in a new run, with the distances between them', () => {
    const walk = held().until('2026-04-20 12:00');
    walk.change({ holds: [], resumptions: [restartAt('2026-04-20 12:00')] }).until();
    expect(walk.log.slice(2)).toEqual([
      '2026-04-20 12:00 firm passed_over',
      '2026-04-20 12:00 ahead too_late',
      '2026-04-20 12:00 soft email',
      '2026-04-26 10:00 firm email',
    ]);
    expect(runsOf(walk)).toEqual([
      '1 ahead email',
      '1 soft email',
      '1 firm passed_over',
      '2 ahead too_late',
      '2 soft email',
      '2 firm email',
    ]);
  });

  it('writes to nobody within a day of the last message of the run before', () => {
    const walk = new Walk(factsOf(), ladder()).until('2026-04-01 15:00');
    walk.change({ resumptions: [restartAt('2026-04-01 15:00', '2026-04-01 12:00')] }).until();
    expect(walk.log.slice(1, 4)).toEqual([
      '2026-04-01 10:00 soft email',
      '2026-04-01 15:00 ahead too_late',
      '2026-04-02 10:00 soft email',
    ]);
  });

  it('begins once for each hold, however often it is planned', () => {
    const resumptions = [restartAt('2026-04-20 12:00')];
    const walk = held().until('2026-04-20 12:00').change({ holds: [], resumptions });
    walk.change({}).until('2026-04-27 12:00').change({});
    expect(walk.facts.runNo).toBe(2);
    walk.change({ resumptions: [...resumptions, restartAt('2026-04-27 12:00', '2026-04-27 11:00')] }).until();
    expect(walk.facts.runNo).toBe(3);
    expect(runsOf(walk).slice(-3)).toEqual(['3 ahead too_late', '3 soft email', '3 firm email']);
  });

  it('begins when the hold ends by itself, though no step waits for that', () => {
    const until = local('2026-04-04 00:00');
    const resume = { rule: 'restart' } as const;
    const walk = held().change({
      holds: [holdOf({ until, resume })],
      resumptions: [restartAt('2026-04-04 00:00')],
    });
    expect(walk.until().log.slice(2, 4)).toEqual([
      '2026-04-04 00:00 ahead too_late',
      '2026-04-04 10:00 soft email',
    ]);
  });

  it('is the same run when nobody planned for days after the hold had ended', () => {
    const resumptions = [restartAt('2026-04-04 00:00')];
    const walk = held().down('2026-04-09 11:00').change({ holds: [], resumptions }).until();
    expect(walk.cursor.run).toEqual({
      no: 2,
      beganAt: local('2026-04-04 00:00'),
      lastContactAt: local('2026-04-01 10:00'),
    });
    expect(runsOf(walk)).toEqual([
      '1 ahead email',
      '1 soft email',
      '2 ahead too_late',
      '2 soft email',
      '2 firm email',
    ]);
  });

  it('does not begin again once the invoice is settled', () => {
    const walk = held().until('2026-04-20 12:00');
    const invoice = { ...walk.facts.invoice, status: 'cancelled' as const };
    walk.change({ invoice, holds: [], resumptions: [restartAt('2026-04-20 12:00')] });
    expect(walk.facts.runNo).toBe(1);
    expect(walk.ended).toBe('cancelled');
  });

  it('tells of no event, and of no broken promise, that the run before told of', () => {
    const steps = [dueStep('soft', 'P1D'), stepOn('failed', 'payment_failed')];
    const events = [{ kind: 'payment_failed' as const, sequence: 1, at: local('2026-04-01 12:00') }];
    const walk = new Walk(factsOf({ events }), campaignOf(steps)).until('2026-04-05 08:00');
    const before = walk.log.filter((line) => line.includes('failed')).length;
    walk.change({ resumptions: [restartAt('2026-04-05 08:00')] }).until();
    expect(before).toBe(1);
    expect(walk.log.filter((line) => line.includes('failed'))).toHaveLength(1);
    const facts = factsOf({ promises: [promiseFactsOf()] });
    const told = local('2026-04-17 10:00');
    const cursor = { ...initialCursor(), run: { no: 2, beganAt: told, lastContactAt: told } };
    expect(untoldPromise(facts, cursor, local('2026-04-20 10:00'))).toBeNull();
  });

  it('stays the same run when the enrolment moves to another version', () => {
    const walk = held().until('2026-04-20 12:00');
    walk.change({ holds: [], resumptions: [restartAt('2026-04-20 12:00')] }).until('2026-04-21 00:00');
    const to = campaignOf([dueStep('soft', 'P1D'), dueStep('firm', 'P9D'), dueStep('final', 'P40D')]);
    const { cursor } = move(
      { facts: walk.facts, document: ladder(), cursor: walk.cursor, calendar: weekendCalendar },
      to,
      walk.now,
    );
    const after = new Walk(walk.facts, to).down(walk.now);
    after.cursor = cursor;
    expect(after.until().log).toEqual(['2026-04-28 10:00 firm email', '2026-05-29 10:00 final email']);
    expect(runsOf(after)).toEqual(['2 firm email', '2 final email']);
  });
});
