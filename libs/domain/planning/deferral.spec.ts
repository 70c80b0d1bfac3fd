import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  invoiceFactsOf,
  local,
  paid,
  partFactsOf,
  promiseFactsOf,
  stepAt,
  stepOn,
} from '#domain/facts.factory.js';
import { undecided } from './plan.js';
import { Walk } from './walk.factory.js';
import { weekendCalendar } from '#domain/working-days.js';

const ladder = campaignOf([dueStep('overdue', 'P1D'), dueStep('final', 'P14D')]);
const disputed = { holds: [holdOf()] };

describe('a step that comes due on hold', () => {
  it('is recorded at that very moment, with the kinds of the holds, and then nothing wakes it', () => {
    const holds = [holdOf(), holdOf({ id: 'H2', kind: 'manual', until: local('2026-05-01') })];
    const walk = new Walk(factsOf({ holds }), ladder).until('2026-04-14');
    expect(walk.deferrals).toEqual(['2026-04-01 10:00 overdue On hold: dispute, manual.']);
    expect(walk.until().deferrals[1]).toBe('2026-04-14 10:00 final On hold: dispute, manual.');
    expect([walk.log, walk.waitsUntil]).toEqual([[], null]);
  });

  it('is recorded when the hold comes while it waits for its time of day', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-03-02').down('2026-04-01 22:00');
    walk.change({}).until('2026-04-02 05:00');
    expect(walk.deferrals).toEqual([]);
    expect(walk.change(disputed).deferrals).toEqual(['2026-04-02 05:00 overdue On hold: dispute.']);
  });

  it('is recorded once, however often it is planned, and goes out when the hold is released', () => {
    const walk = new Walk(factsOf(disputed), ladder).until('2026-04-03').change({}).change({});
    walk.until('2026-04-05 12:00').change({ holds: [] });
    expect(walk.deferrals).toHaveLength(1);
    expect(walk.log).toEqual(['2026-04-05 12:00 overdue email']);
    expect(walk.cursor.deferred).toEqual([]);
  });

  it('is recorded again when something else keeps it back than was told, not when less does', () => {
    const walk = new Walk(factsOf(disputed), ladder).until('2026-04-03');
    const legal = holdOf({ id: 'H2', kind: 'legal' });
    walk
      .change({ holds: [holdOf(), legal] })
      .until('2026-04-04')
      .change({ holds: [legal] });
    walk.change({ holds: [holdOf({ id: 'H3' })] });
    expect(walk.deferrals).toEqual([
      '2026-04-01 10:00 overdue On hold: dispute.',
      '2026-04-03 00:00 overdue On hold: dispute, legal.',
    ]);
  });

  it('is not recorded when the hold ends just then', () => {
    const holds = [holdOf({ until: local('2026-04-01 10:00') })];
    const walk = new Walk(factsOf({ holds }), ladder).until('2026-04-02');
    expect([walk.deferrals, walk.log]).toEqual([[], ['2026-04-01 10:00 overdue email']]);
  });

  it('is recorded while the ladder waits for a call', () => {
    const calling = campaignOf([
      { key: 'call', at: { anchor: 'due_date', offset: '-P1D' }, task: 'call', waitFor: 'P9D' },
      dueStep('overdue', 'P1D'),
    ]);
    const walk = new Walk(factsOf(), calling).until('2026-03-31').change(disputed).until('2026-04-02');
    expect(walk.deferrals).toEqual(['2026-04-01 10:00 overdue On hold: dispute.']);
  });

  it('names a payment that is under way, as the gate does', () => {
    const parts = [partFactsOf({ pending: 10_000 })];
    const walk = new Walk(factsOf({ invoice: { parts } }), ladder).until('2026-04-02');
    expect(walk.deferrals).toEqual(['2026-04-01 10:00 overdue A payment of all that is owed is under way.']);
  });

  it('of a promise leaves alone what is about the promise', () => {
    const document = campaignOf([dueStep('overdue', 'P15D'), stepOn('broken', 'promise_broken')]);
    const holds = [holdOf({ kind: 'promise', until: local('2026-04-16') })];
    const walk = new Walk(factsOf({ holds, promises: [promiseFactsOf()] }), document).until('2026-05-01');
    expect(walk.deferrals).toEqual(['2026-04-15 10:00 overdue On hold: promise.']);
  });
});

describe('a step that was recorded as kept back', () => {
  it('is given up with the outreach, even if its moment has moved on since', () => {
    const walk = new Walk(factsOf(disputed), ladder).until('2026-04-20 10:00').change({ holds: [] });
    expect(walk.log).toEqual(['2026-04-20 10:00 overdue email']);
    walk.change({ invoice: paid(walk.facts.invoice) });
    expect(walk.log[1]).toBe('2026-04-20 10:00 final balance');
  });

  it('is given up with the outreach when its date is gone', () => {
    const document = campaignOf([stepAt('part', { anchor: 'instalment_date', offset: 'P1D' })]);
    const walk = new Walk(factsOf(disputed), document).until('2026-04-03');
    walk.change({ invoice: paid(invoiceFactsOf()) });
    expect([walk.log, walk.cursor.deferred]).toEqual([['2026-04-03 00:00 part balance'], []]);
  });

  it('counts as open until it is decided', () => {
    const walk = new Walk(factsOf(disputed), ladder).until('2026-04-20 10:00').change({ holds: [] });
    const { facts, cursor, now } = walk;
    expect(undecided({ facts, cursor, document: ladder, calendar: weekendCalendar }, now)).toEqual(['final']);
  });
});
