import { Turnstile } from './turnstile.js';

it('lets so many through at a time, and all in the end, whatever becomes of them', async () => {
  const turnstile = new Turnstile(2);
  let [inside, most] = [0, 0];
  const work = async (n: number): Promise<number> => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
    if (n % 3 === 0) throw new Error('failed');
    return n;
  };
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((n) => turnstile.run(() => work(n))));
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
    true,
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
  expect([inside, most]).toEqual([0, 2]);
});
