import { median, percentile } from './rounds.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => count - index);

it('takes the middle of numbers in any order, or between the two in the middle', () => {
  expect(median([3, 1, 20])).toBe(3);
  expect(median([4, 10, 2, 6])).toBe(5);
});

it.each([
  [200, 99, 198],
  [100, 99, 99],
  [20, 99, 20],
  [1, 99, 7],
  [4, 50, 2],
])('takes of %i numbers the percentile %i as one of them', (count, percent, expected) => {
  expect(percentile(count === 1 ? [7] : upTo(count), percent)).toBe(expected);
});
