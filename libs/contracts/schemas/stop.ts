import { z } from 'zod';
import { instant, text } from './scalars.js';

export const stopInput = z
  .strictObject({ reason: text(500).meta({ description: 'For whoever wonders why nothing goes out' }) })
  .meta({ description: 'Why everything is stopped' });

export const stopResource = z
  .object({
    of: z
      .enum(['organisation', 'installation'])
      .meta({ description: 'An organisation goes out again when none of its stops stands' }),
    at: instant,
    reason: z.string(),
    by: z.string(),
  })
  .meta({ description: 'An emergency stop that stands' });

export type StopInput = z.output<typeof stopInput>;
export type StopResource = z.output<typeof stopResource>;
