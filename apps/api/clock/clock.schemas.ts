import { z } from 'zod';
import { instant } from '#contracts/schemas/scalars.js';

export const clockInput = z
  .strictObject({ to: instant })
  .meta({ description: 'The moment to advance to; everything due on the way is done' });

export const clockResource = z
  .object({
    kind: z.enum(['live', 'test']).meta({ description: 'A live organisation runs on real time' }),
    now: instant,
  })
  .meta({ id: 'Clock' });

export const advancedResource = z
  .object({
    now: instant,
    reached: z
      .boolean()
      .meta({ description: 'False: it stopped on the way after some seconds; send the request again' }),
  })
  .meta({ id: 'AdvancedClock' });

export type ClockInput = z.output<typeof clockInput>;
export type ClockResource = z.output<typeof clockResource>;
export type AdvancedResource = z.output<typeof advancedResource>;
