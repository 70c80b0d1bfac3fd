/** Something done once. @returns its rate, a second */
export type Turn = () => Promise<number>;

/** What a measurement comes to, by its names in the result. */
export type Figures = Record<string, number>;

export const say = (line: string): void => console.error(line);

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

export function median(numbers: readonly number[]): number {
  const sorted = ascending(numbers);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** By the nearest rank: one that was measured. */
export const percentile = (numbers: readonly number[], percent: number): number =>
  ascending(numbers)[Math.ceil((percent / 100) * numbers.length) - 1] ?? 0;

export const medianOf = <T>(items: readonly T[], value: (item: T) => number, digits?: number): number =>
  rounded(median(items.map(value)), digits);

/**
 * Rounds of turns beside each other, every other round the other way round. A ratio is to be taken within each round and
 * the median of them reported, so that it holds on a machine whose speed changes by the minute.
 *
 * @returns of each round every turn's rate
 */
export async function rounds<Name extends string>(
  count: number,
  turns: Record<Name, Turn>,
): Promise<Record<Name, number>[]> {
  const all: Record<Name, number>[] = [];
  while (all.length < count) all.push(await round(all.length, turns));
  return all;
}

async function round<Name extends string>(
  index: number,
  turns: Record<Name, Turn>,
): Promise<Record<Name, number>> {
  const entries = Object.entries(turns) as [Name, Turn][];
  const rates: Partial<Record<Name, number>> = {};
  for (const [name, turn] of index % 2 ? entries.reverse() : entries) rates[name] = await turn();
  const told = (Object.keys(turns) as Name[]).map((name) => `${name} ${rounded(rates[name] ?? NaN, 1)}/s`);
  say(`round ${index + 1}: ${told.join(', ')}`);
  return rates as Record<Name, number>;
}
