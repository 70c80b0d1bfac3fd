/** Stands for a row that another transaction created while this one was about to: try it again. */
export const AGAIN = Symbol('again');

/**
 * Writes inputs in rounds in which every key occurs once, so that each round can be set-based. An input whose key
 * occurred before comes in a later round, and so updates what the earlier one created.
 *
 * @returns one result an input, in their order
 */
export async function inRounds<Input, Result>(
  inputs: readonly Input[],
  keyOf: (input: Input) => string,
  write: (round: readonly Input[]) => Promise<(Result | typeof AGAIN)[]>,
): Promise<Result[]> {
  const results = new Array<Result>(inputs.length);
  let waiting = inputs.map((_, index) => index);
  while (waiting.length > 0) {
    const round = firstOfEachKey(waiting, (index) => keyOf(inputs[index] as Input));
    const written = await write(round.map((index) => inputs[index] as Input));
    const done = new Set<number>();
    for (const [at, index] of round.entries()) {
      const result = written[at] as Result | typeof AGAIN;
      if (result === AGAIN) continue;
      results[index] = result;
      done.add(index);
    }
    waiting = waiting.filter((index) => !done.has(index));
  }
  return results;
}

function firstOfEachKey(indexes: readonly number[], keyOf: (index: number) => string): number[] {
  const seen = new Set<string>();
  return indexes.filter((index) => {
    const key = keyOf(index);
    return !seen.has(key) && seen.add(key);
  });
}
