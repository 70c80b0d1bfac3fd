import { z } from 'zod';
import { instant } from '#contracts/schemas/scalars.js';

export const sourceSyncInput = z
  .strictObject({
    completeThrough: instant.meta({ description: 'Everything the source knew up to then has been loaded' }),
  })
  .meta({ description: 'How fresh the books are, as one source knows them' });

export const sourceSyncResource = z
  .object({ source: z.string(), completeThrough: instant, recordedAt: instant })
  .meta({ description: 'How fresh the books are, as one source knows them' });

export type SourceSyncInput = z.output<typeof sourceSyncInput>;
export type SourceSyncResource = z.output<typeof sourceSyncResource>;
