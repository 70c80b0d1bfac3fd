import { Lru } from './lru.js';

it('keeps what was used last and forgets the rest', () => {
  const made: string[] = [];
  const lru = new Lru<string, string>(2);
  const get = (key: string): string =>
    lru.getOrCreate(key, () => {
      made.push(key);
      return key;
    });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
  expect(lru.size).toBe(2);
});
