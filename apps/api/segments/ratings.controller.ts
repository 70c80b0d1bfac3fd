import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { explainRating, RATING_RULE, RATINGS } from '#domain/payer-rating.js';
import { ratePayer } from '#engine/segments/index.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { idOf } from '../common/reference.js';

const count = (description: string) => z.int().meta({ description });
const { graceDays, veryLateDays } = RATING_RULE;

const ratingResource = z
  .object({
    rating: z.enum(RATINGS),
    sentence: z.string().meta({
      example: '4 of 10 invoices paid by the third day, 3 more than 30 days late, 21.5 days late on average.',
    }),
    figures: z.object({
      due: count('Invoices that came due in two years; cancelled, written-off and disputed ones left out'),
      onTime: count(`Of these, paid in full at most ${graceDays} days after the due date`),
      veryLate: count(`Of these, paid more than ${veryLateDays} days late, or open for longer`),
      averageDaysLate: z.number().meta({ description: 'Mean, those paid in time counting 0' }),
      longestDaysLate: count('The longest of them'),
      overdue: count('Of these, still open'),
      promises: count('Promises to pay whose day has passed'),
      brokenPromises: count('Of these, not kept'),
    }),
  })
  .meta({ id: 'PayerRating', description: 'How a customer has paid, as of now' });

type RatingResource = z.output<typeof ratingResource>;

@Controller('customers')
export class RatingsController {
  @Get(':id/rating')
  @Operation({
    summary: 'How a customer has paid in the last two years',
    description: 'new, good, average or chronic, with the figures behind it; looked up, never stored.',
    allow: ['viewer'],
    returns: ratingResource,
  })
  get(@Param('id') reference: string): Command<RatingResource> {
    return run(async (scope) => {
      const id = await idOf(scope, 'customer', reference);
      const rated = await ratePayer(scope, id);
      if (!rated) throw new Error(`Customer ${id} is gone.`);
      return { ...rated, sentence: explainRating(rated.figures) };
    });
  }
}
