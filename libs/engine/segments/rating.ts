import { type PayingFigures, type PayerRating, ratingOf } from '#domain/payer-rating.js';
import type { Scope } from '../scope.js';
import { figuresOf } from './figures-sql.js';

/** How a customer has paid, as of the organisation's clock; null when there is no such customer. */
export async function ratePayer(
  scope: Scope,
  customerId: string,
): Promise<{ rating: PayerRating; figures: PayingFigures } | null> {
  const [figures] = await scope.manager.query<PayingFigures[]>(
    `select f.due, f.on_time as "onTime", f.very_late as "veryLate", f.average_days_late as "averageDaysLate",
       f.longest_days_late as "longestDaysLate", f.overdue, f.promises, f.broken_promises as "brokenPromises"
     from customer c cross join lateral ${figuresOf('($3::timestamptz at time zone c.zone)::date')} f
     where c.organisation_id = $1 and c.id = $2`,
    [scope.organisationId, customerId, new Date(scope.now)],
  );
  return figures ? { rating: ratingOf(figures), figures } : null;
}
