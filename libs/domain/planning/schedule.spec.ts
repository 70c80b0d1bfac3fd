import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  local,
  stepAt,
  stepOn,
  promiseFactsOf,
} from '#domain/facts.factory.js';
import type { EntryRule } from '#domain/campaign/document.js';
import { Walk } from './walk.factory.js';

const ladder = campaignOf([
  dueStep('soon', '-P3D'),
  dueStep('overdue', 'P1D'),
  dueStep('second', 'P7D'),
  dueStep('final', 'P14D', { tone: 'firm' }),
]);

describe('an invoice enrolled late', () => {
  const enrolled = (moment: string, entry: EntryRule): string[] =>
    new Walk(factsOf({ enrolledAt: local(moment), entry }), ladder).until().log;

  it('starts gently with the first overdue step, never with the harshest, and keeps the distances', () => {
    expect(enrolled('2026-05-20 11:00', 'gentle')).toEqual([
      '2026-05-20 11:00 soon too_late',
      '2026-05-20 11:00 overdue email',
      '2026-05-26 10:00 second email',
      '2026-06-02 10:00 final email',
    ]);
  });

  it('starts by age with the step its age says', () => {
    expect(enrolled('2026-04-10 11:00', 'by_age')).toEqual([
      '2026-04-10 11:00 soon too_late',
      '2026-04-10 11:00 overdue too_late',
      '2026-04-10 11:00 second email',
      '2026-04-17 10:00 final email',
    ]);
  });

  it('starts by age with the step of the day itself, though its hour is still to come', () => {
    expect(enrolled('2026-04-07 08:00', 'by_age')).toEqual([
      '2026-04-07 08:00 soon too_late',
      '2026-04-07 08:00 overdue too_late',
      '2026-04-07 10:00 second email',
      '2026-04-14 10:00 final email',
    ]);
  });

  it('starts by age with the step before the last one, however old it is: nobody hears of it first by the harshest', () => {
    expect(enrolled('2026-04-14 08:00', 'by_age')).toEqual([
      '2026-04-14 08:00 soon too_late',
      '2026-04-14 08:00 overdue too_late',
      '2026-04-14 10:00 second email',
      '2026-04-21 10:00 final email',
    ]);
    expect(enrolled('2026-06-20 11:00', 'by_age')).toEqual([
      '2026-06-20 11:00 soon too_late',
      '2026-06-20 11:00 overdue too_late',
      '2026-06-20 11:00 second email',
      '2026-06-27 10:00 final email',
    ]);
  });

  it('skips what has passed', () => {
    expect(enrolled('2026-04-10 11:00', 'skip')).toEqual([
      '2026-04-10 11:00 soon too_late',
      '2026-04-10 11:00 overdue too_late',
      '2026-04-10 11:00 second too_late',
      '2026-04-14 10:00 final email',
    ]);
  });

  it('takes up nothing from before the due date, but does not wait for it either', () => {
    expect(enrolled('2026-03-30 11:00', 'gentle').slice(0, 2)).toEqual([
      '2026-03-30 11:00 soon too_late',
      '2026-04-01 10:00 overdue email',
    ]);
  });
});

describe('after an outage', () => {
  it('of a few hours sends at once what came due, and leaves the rest where it was', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-03-30').down('2026-04-01 12:30').until();
    expect(walk.log.slice(1)).toEqual([
      '2026-04-01 12:30 overdue email',
      '2026-04-07 10:00 second email',
      '2026-04-14 10:00 final email',
    ]);
  });

  it('of three weeks sends one step, keeps the distances, and drops what spoke of the due date', () => {
    const walk = new Walk(factsOf(), ladder).down('2026-04-18 12:00').until();
    expect(walk.log).toEqual([
      '2026-04-18 12:00 soon too_late',
      '2026-04-18 12:00 overdue email',
      '2026-04-24 10:00 second email',
      '2026-05-01 10:00 final email',
    ]);
  });

  it('that ends at night waits for the hour of the step', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-03-30').down('2026-04-18 03:00').until();
    expect(walk.log[1]).toBe('2026-04-18 10:00 overdue email');
    const evening = new Walk(factsOf(), ladder).until('2026-03-30').down('2026-04-18 21:00').until();
    expect(evening.log[1]).toBe('2026-04-19 10:00 overdue email');
  });

  it('keeps the distance of steps that are hours apart', () => {
    const hours = campaignOf([
      stepAt('a', { anchor: 'issue_date', offset: 'PT1H' }),
      stepAt('b', { anchor: 'issue_date', offset: 'PT2H' }),
      stepAt('c', { anchor: 'issue_date', offset: 'PT9H' }),
    ]);
    const walk = new Walk(factsOf(), hours).down('2026-03-01 05:30').until();
    expect(walk.log).toEqual([
      '2026-03-01 05:30 a email',
      '2026-03-01 06:30 b email',
      '2026-03-01 09:00 c email',
    ]);
  });

  it('lets steps of one instant go out together, for the ladder says so', () => {
    const both = campaignOf([dueStep('mail', 'P1D'), dueStep('text', 'P1D', { send: ['sms'] })]);
    const walk = new Walk(factsOf(), both).down('2026-04-18 12:00').until();
    expect(walk.log).toEqual(['2026-04-18 12:00 mail email', '2026-04-18 12:00 text sms']);
  });

  it('sends two steps from before the due date a day apart, not together', () => {
    const before = campaignOf([dueStep('ten', '-P10D'), dueStep('three', '-P4D')]);
    const walk = new Walk(factsOf(), before).down('2026-03-28 12:00').until();
    expect(walk.log).toEqual(['2026-03-28 12:00 ten email', '2026-03-29 12:00 three email']);
  });
});

describe('before the due date', () => {
  it('what speaks of a date to come may be late until that date has ended', () => {
    const late = (moment: string) =>
      new Walk(factsOf(), ladder).until('2026-03-02').down(moment).until().log[0];
    expect(late('2026-03-31 15:00')).toBe('2026-03-31 15:00 soon email');
    expect(late('2026-03-31 20:30')).toBe('2026-04-01 00:00 soon too_late');
    expect(late('2026-04-01 00:00')).toBe('2026-04-01 00:00 soon too_late');
  });
});

describe('on hold', () => {
  const until = (moment: string) => [holdOf({ until: local(moment) })];

  it('with an end: nothing goes out before it, then one step, and the distances are kept', () => {
    const walk = new Walk(factsOf({ holds: until('2026-04-20 00:00') }), ladder).until();
    expect(walk.log).toEqual([
      '2026-04-01 00:00 soon too_late',
      '2026-04-20 10:00 overdue email',
      '2026-04-26 10:00 second email',
      '2026-05-03 10:00 final email',
    ]);
  });

  it('without an end: nothing goes out and nothing overdue is given up', () => {
    const walk = new Walk(factsOf({ holds: [holdOf()] }), ladder).until('2027-01-01');
    expect(walk.log).toEqual(['2026-04-01 00:00 soon too_late']);
    expect([walk.ended, walk.waitsUntil]).toEqual([null, null]);
    expect(walk.change({ holds: [] }).until('2027-01-02').log[1]).toBe('2027-01-01 10:00 overdue email');
  });

  it('gives up nothing before its own moment: a hold may be released early', () => {
    const walk = new Walk(factsOf({ holds: until('2026-05-01') }), ladder).until('2026-03-20');
    expect(walk.log).toEqual([]);
    expect(walk.change({ holds: [] }).until('2026-03-29').log).toEqual(['2026-03-28 10:00 soon email']);
  });

  it('waits for the last of several holds', () => {
    const holds = [...until('2026-04-10'), holdOf({ id: 'H2', kind: 'manual', until: local('2026-04-12') })];
    expect(new Walk(factsOf({ holds }), ladder).until('2026-04-13').log.slice(1)).toEqual([
      '2026-04-12 10:00 overdue email',
    ]);
  });

  it('lets the backlog of different steps out one a day', () => {
    const mixed = campaignOf([dueStep('overdue', 'P1D'), stepOn('failed', 'payment_failed')]);
    const events = [{ kind: 'payment_failed', sequence: 1, at: local('2026-04-03 10:00') } as const];
    const facts = factsOf({ holds: until('2026-04-20'), events });
    expect(new Walk(facts, mixed).until('2026-05-01').log).toEqual([
      '2026-04-20 10:00 overdue email',
      '2026-04-21 10:00 failed email',
    ]);
  });

  it('of a promise to pay lets out what is about that promise, and nothing else', () => {
    const aboutPromise = campaignOf([
      dueStep('overdue', 'P1D'),
      stepAt('remember', { anchor: 'promise_date', offset: '-P1D' }),
      stepOn('broken', 'promise_broken'),
    ]);
    const promised = {
      promises: [promiseFactsOf()],
      holds: [holdOf({ kind: 'promise', until: local('2026-04-16') })],
    };
    expect(new Walk(factsOf(promised), aboutPromise).until('2026-05-01').log).toEqual([
      '2026-04-14 10:00 remember email',
      '2026-04-16 10:00 broken email',
      '2026-04-17 10:00 overdue email',
    ]);
    const disputed = { ...promised, holds: [...promised.holds, holdOf()] };
    expect(new Walk(factsOf(disputed), aboutPromise).until('2026-05-01').log).toEqual([
      '2026-04-16 00:00 remember too_late',
    ]);
  });
});
