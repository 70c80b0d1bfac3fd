import { Setbacks } from './apply-waiting.js';

describe('what could not be applied', () => {
  let now = 0;
  let setbacks: Setbacks;
  beforeEach(() => {
    now = 0;
    setbacks = new Setbacks(
      () => undefined,
      () => now,
    );
  });

  const pauseAfter = (tries: number): number => {
    for (let each = 0; each < tries; each += 1) {
      setbacks.add('one', new Error('It cannot be applied.'));
      const since = now;
      while (setbacks.current().includes('one')) now += 500;
      if (each === tries - 1) return now - since;
    }
    return 0;
  };

  it.each([
    [1, 1_000],
    [2, 2_000],
    [4, 8_000],
    [10, 512_000],
    [11, 600_000],
    [20, 600_000],
  ])('is left alone longer after every try: %d', (tries, pause) => {
    expect(pauseAfter(tries)).toBe(pause);
  });

  it('begins anew once it was applied, or another worker did', () => {
    pauseAfter(5);
    setbacks.delete('one');
    expect(pauseAfter(1)).toBe(1_000);
    pauseAfter(5);
    now += 1_300_000;
    expect(setbacks.current()).toEqual([]);
    expect(pauseAfter(1)).toBe(1_000);
  });
});
