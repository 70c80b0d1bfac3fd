import { z } from 'zod';
import { id, instant } from '#contracts/schemas/scalars.js';
import { TIMELINE_KINDS } from '#engine/reading/index.js';

export const timelineEntry = z
  .object({
    at: instant,
    kind: z.enum(TIMELINE_KINDS),
    what: z
      .string()
      .meta({ description: 'What happened to it; of an attempt its `state`', example: 'applied' }),
    id: id.meta({ description: 'Of the thing of this kind; of a payment or credit note, its allocation' }),
    sentence: z.string().meta({ example: 'Step "overdue" went out by e-mail: the provider accepted it.' }),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TimelineEntry', description: 'One moment in the life of an invoice' });

export type TimelineEntryResource = z.output<typeof timelineEntry>;
