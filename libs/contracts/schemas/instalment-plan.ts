import { z } from 'zod';
import { saidEvidence } from './consent.js';
import { amount, amountOut, currency, id, instant, localDate } from './scalars.js';

const MOST_PARTS = 120;

const graceDays = z
  .int('is no whole number of days')
  .min(0, 'is below zero; write 0 or more')
  .max(30, 'is too many; write 30 or fewer')
  .meta({ description: 'Days after its date on which an instalment is still in time' });

const missesAllowed = z
  .int('is no whole number')
  .min(1, 'is too few; write 1 or more')
  .max(12, 'is too many; write 12 or fewer')
  .meta({ description: 'So many instalments that were missed end the plan, and all that is left is due' });

export const instalmentPlanInput = z
  .strictObject({
    parts: z
      .array(z.strictObject({ dueOn: localDate, amount }))
      .min(2, 'are too few; write two or more, or record a promise')
      .max(MOST_PARTS, `are too many; write at most ${MOST_PARTS}`)
      .refine(
        (parts) => parts.every(({ dueOn }, index) => index === 0 || dueOn > (parts[index - 1]?.dueOn ?? '')),
        {
          message: 'are not in the order of their dates, each on another day; put them in order',
        },
      )
      .meta({ description: 'What is paid by when; together all that is open' }),
    graceDays: graceDays
      .optional()
      .meta({ description: 'Days after its date on which an instalment is still in time; 3 unless given' }),
    missesAllowed: missesAllowed
      .optional()
      .meta({ description: 'So many missed instalments end the plan; 1 unless given' }),
    evidence: saidEvidence,
  })
  .meta({ description: 'An agreement to pay what is open of an invoice in dated parts' });

export const instalmentPlanResource = z
  .object({
    id,
    invoiceExternalId: z.string(),
    number: z.int().meta({ description: 'Of the plans of this invoice' }),
    state: z.enum(['active', 'kept', 'broken', 'cancelled']),
    currency,
    parts: z.array(
      z.object({
        number: z.int(),
        dueOn: localDate,
        amount: amountOut,
        open: amountOut,
        state: z.enum(['paid', 'open', 'missed']),
      }),
    ),
    paid: amountOut.meta({ description: 'Since it was agreed' }),
    remaining: amountOut,
    graceDays,
    missesAllowed,
    endsAt: instant.nullable().meta({
      description:
        'When it was broken, or will be if nothing more is paid; null: it is kept or was cancelled',
    }),
    agreedAt: instant,
    cancelledAt: instant.nullable(),
  })
  .meta({ id: 'InstalmentPlan', description: 'A plan of instalments, and how it is being kept' });

export type InstalmentPlanInput = z.output<typeof instalmentPlanInput>;
export type InstalmentPlanResource = z.output<typeof instalmentPlanResource>;
