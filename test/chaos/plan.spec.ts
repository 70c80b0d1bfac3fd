import { PARTS, planOf } from './plan.js';

const size = { seed: 7, minutes: 2, invoices: 300 };

describe('what a seed decides', () => {
  it('is the same every time', () => {
    expect(planOf(size)).toEqual(planOf({ ...size }));
  });

  it('is something else for another seed', () => {
    expect(planOf({ ...size, seed: 8 }).kills).not.toEqual(planOf(size).kills);
    expect(planOf({ ...size, seed: 8 }).facts).not.toEqual(planOf(size).facts);
  });

  it('kills every part, one after the other, while it lasts', () => {
    const { kills } = planOf(size);
    expect(new Set(kills.map(({ part }) => part))).toEqual(new Set(PARTS));
    const moments = kills.map(({ at }) => at);
    expect(moments).toEqual([...moments].sort((one, other) => one - other));
    expect(Math.max(...moments)).toBeLessThan(size.minutes * 60_000);
  });

  it('takes back nothing that was not recorded before', () => {
    const { facts } = planOf(size);
    const before = new Set<string>();
    for (const fact of facts) {
      if ('after' in fact) expect(before).toContain(fact.after);
      before.add(fact.key);
    }
    expect(facts.some((fact) => 'after' in fact)).toBe(true);
  });

  it('has payments, holds, opt-outs and closings', () => {
    const kinds = new Set(planOf({ ...size, invoices: 2_000 }).facts.map(({ kind }) => kind));
    for (const kind of [
      'pay',
      'post',
      'reverse',
      'hold',
      'release',
      'suppress',
      'cancel',
      'write-off',
      'reinstate',
    ])
      expect(kinds).toContain(kind);
  });
});
