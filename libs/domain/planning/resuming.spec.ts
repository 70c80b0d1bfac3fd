import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  local,
  partFactsOf,
  promiseFactsOf,
  stepOn,
} from '#domain/facts.factory.js';
import type { CampaignInput } from '#domain/campaign/document.js';
import type { Resumption } from '#domain/holds.js';
import type { Cursor } from './cursor.js';
import { untoldPromise } from './resuming.js';
import { Walk } from './walk.factory.js';

const ladder = (overrides: Partial<CampaignInput> = {}) =>
  campaignOf(
    [dueStep('soft', 'P1D'), dueStep('firm', 'P7D'), dueStep('final', 'P14D'), dueStep('last', 'P30D')],
    overrides,
  );

/** What became of a ladder on hold from 1 April in the morning to 10 April. */
const resumed = (resumption: Omit<Resumption, 'from' | 'at'> | null): string[] => {
  const walk = new Walk(factsOf(), ladder()).until('2026-04-01 08:00');
  walk.change({ holds: [holdOf()] }).until('2026-04-10 12:00');
  const [from, at] = [local('2026-04-01 08:00'), local('2026-04-10 12:00')];
  const resumptions = resumption ? [{ ...resumption, from, at } as Resumption] : [];
  return walk.change({ holds: [], resumptions }).until().log;
};

describe('after a hold the ladder goes on', () => {
  it('with the step that waited, unless told otherwise, and keeps its distances', () => {
    const as = [
      '2026-04-10 12:00 soft email',
      '2026-04-16 10:00 firm email',
      '2026-04-23 10:00 final email',
      '2026-05-09 10:00 last email',
    ];
    expect(resumed(null)).toEqual(as);
    expect(resumed({ rule: 'same_step' })).toEqual(as);
  });

  it('with the one after it: the first that waited is passed over, and no other', () => {
    expect(resumed({ rule: 'next_step' })).toEqual([
      '2026-04-10 12:00 soft passed_over',
      '2026-04-10 12:00 firm email',
      '2026-04-17 10:00 final email',
      '2026-05-03 10:00 last email',
    ]);
  });

  it('at a named step, at its own time: those before it never come', () => {
    expect(resumed({ rule: 'step', step: 'final' } as never)).toEqual([
      '2026-04-10 12:00 soft passed_over',
      '2026-04-10 12:00 firm passed_over',
      '2026-04-14 10:00 final email',
      '2026-04-30 10:00 last email',
    ]);
  });

  it('where it was, when the step is none of the campaign, or nothing came due meanwhile', () => {
    expect(resumed({ rule: 'step', step: 'gone' } as never)[0]).toBe('2026-04-10 12:00 soft email');
    const walk = new Walk(factsOf(), ladder()).until('2026-03-10 08:00');
    const [from, at] = [local('2026-03-09 08:00'), local('2026-03-10 08:00')];
    walk.change({ resumptions: [{ rule: 'next_step', from, at }] }).until();
    expect(walk.log[0]).toBe('2026-04-01 10:00 soft email');
  });

  it('only when the hold has ended', () => {
    const at = local('2026-04-20 00:00');
    const hold = { holds: [holdOf({ until: at })] };
    const resumptions: Resumption[] = [{ rule: 'next_step', from: local('2026-04-01 00:00'), at }];
    const walk = new Walk(factsOf(hold), ladder()).until('2026-04-19 23:00');
    walk.change({ resumptions });
    expect(walk.log).toEqual([]);
  });
});

describe('a promise that was not kept', () => {
  /** Promised on 2 April for the 15th; the ladder's steps wait meanwhile. */
  const broken = (onPromiseBroken: string, paid = 0): Walk => {
    const promise = promiseFactsOf({ madeAt: local('2026-04-02 12:00'), paid });
    const walk = new Walk(factsOf(), ladder({ onPromiseBroken })).until('2026-04-02 12:00');
    const until = local('2026-04-16 00:00');
    return walk.change({ promises: [promise], holds: [holdOf({ kind: 'promise', until })] }).until();
  };

  it.each([
    ['same_step', ['soft email', 'firm email', 'final email', 'last email']],
    ['next_step', ['soft email', 'firm passed_over', 'final email', 'last email']],
    ['final', ['soft email', 'firm passed_over', 'final email', 'last email']],
    ['last', ['soft email', 'firm passed_over', 'final passed_over', 'last email']],
  ])('resumes as the campaign says: %s', (rule, log) => {
    expect(broken(rule).log.map((line) => line.slice(17))).toEqual(log);
  });

  it('that was kept, or cancelled for another, passes over nothing', () => {
    expect(broken('last', 10_000).log.map((line) => line.slice(17))).toContain('firm email');
  });

  it('in an earlier enrolment of the invoice passes over nothing in this one', () => {
    const promises = [promiseFactsOf({ madeAt: local('2026-04-02 12:00') })];
    const facts = factsOf({ promises, enrolledAt: local('2026-04-20 12:00') });
    const walk = new Walk(facts, ladder({ onPromiseBroken: 'last' })).until();
    expect(walk.log.filter((line) => line.includes('passed_over'))).toEqual([]);
  });

  it('is told in the first message after its day, and in no other', () => {
    const promise = promiseFactsOf({ paid: 4_000 });
    const facts = factsOf({ promises: [promise] });
    const cursor = (done: string | null): Cursor => ({
      decided: done ? { 'soft#0': { at: local(done), how: 'done' } } : {},
      trying: null,
      exhausted: false,
    });
    const at = (now: string, done: string | null = '2026-04-01 10:00') =>
      untoldPromise(facts, cursor(done), local(now));
    expect(at('2026-04-15 23:59')).toBeNull();
    expect(at('2026-04-16 00:00')).toBe(promise);
    expect(at('2026-04-18 10:00', '2026-04-17 10:00')).toBeNull();
    expect(untoldPromise(factsOf(), cursor(null), local('2026-04-18 10:00'))).toBeNull();
    const kept = factsOf({ promises: [promiseFactsOf({ paid: 10_000 })] });
    expect(untoldPromise(kept, cursor(null), local('2026-04-18 10:00'))).toBeNull();
  });

  it('names a step that always comes, or the campaign is refused', () => {
    for (const onPromiseBroken of ['nothing', 'broken'])
      expect(() =>
        campaignOf([dueStep('soft', 'P1D'), stepOn('broken', 'promise_broken')], { onPromiseBroken }),
      ).toThrow('onPromiseBroken');
  });
});

describe('a dispute about a part', () => {
  const part = (amount: number) => holdOf({ amount });

  it('holds nothing back while there is a rest to ask for', () => {
    const walk = new Walk(factsOf({ holds: [part(4_000)] }), ladder()).until('2026-04-02 10:00');
    expect(walk.log).toEqual(['2026-04-01 10:00 soft email']);
  });

  it.each([
    ['alone', [part(10_000)], 0],
    ['with another', [part(4_000), part(6_000)], 0],
    ['after the rest was paid', [part(4_000)], 6_000],
  ])('holds back when it comes to all that is owed, %s', (_how, holds, paid) => {
    const facts = factsOf({ holds, invoice: { parts: [partFactsOf({ paid })] } });
    expect(new Walk(facts, ladder()).until('2026-05-30 10:00').log).toEqual([]);
  });

  it('lets a ladder that has ended go to a person', () => {
    const document = campaignOf([dueStep('soft', 'P1D')], { whenExhausted: 'task' });
    const end = (holds: ReturnType<typeof holdOf>[]) =>
      new Walk(factsOf({ holds }), document).until().log.at(-1);
    expect(end([part(4_000)])).toBe('2026-04-08 10:00 follow_up');
    expect(end([part(10_000)])).toBeUndefined();
  });

  it('counts to what a step depends on', () => {
    const document = campaignOf([dueStep('soft', 'P1D', { onlyIf: { balanceAtLeast: '70.00' } })]);
    const log = (holds: ReturnType<typeof holdOf>[]) => new Walk(factsOf({ holds }), document).until().log;
    expect(log([part(3_000)])).toEqual(['2026-04-01 10:00 soft email']);
    expect(log([part(3_001)])).toEqual(['2026-04-01 10:00 soft condition_not_met']);
  });
});
