import { z } from 'zod';
import { upsertResource } from '#contracts/schemas/index.js';
import type { UpsertResult } from '#contracts/schemas/index.js';

/** A larger one is a CSV import, which locks one customer at a time. */
const BATCH_LIMIT = 500;

export interface BatchResult {
  results: UpsertResult[];
  refused: number;
}

/** The body of a batch: its items under this name. */
export const batchOf = <Name extends string, T extends z.ZodType>(
  name: Name,
  item: T,
): z.ZodObject<Record<Name, z.ZodArray<T>>, z.core.$strict> =>
  z.strictObject({
    [name]: z
      .array(item)
      .min(1, 'is empty; write at least one')
      .max(BATCH_LIMIT, `are too many; write at most ${BATCH_LIMIT}`),
  } as Record<Name, z.ZodArray<T>>);

export const batchResource = z
  .object({
    results: z.array(upsertResource).meta({ description: 'One for each item, in its order' }),
    refused: z.int().meta({ description: 'How many were refused; the others are stored' }),
  })
  .meta({ description: 'What became of a batch' });

export const batchResult = (results: UpsertResult[]): BatchResult => ({
  results,
  refused: results.filter(({ result }) => result === 'refused').length,
});
