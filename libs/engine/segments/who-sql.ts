import { figuresOf, RATING } from './figures-sql.js';

/** The day it is where customer `c` is. */
const todayOf = (now: string): string => `(${now}::timestamptz at time zone c.zone)::date`;

/**
 * Customers with what conditions look at: a relation of `customer`'s columns, `today` and `rating`.
 *
 * @param now a placeholder for the organisation's clock
 * @param which a condition on `customer c`, whose organisation is $1
 * @param rated whether anything asks for the rating, which reads all that they ever paid
 */
export const whoSql = (now: string, which: string, rated: boolean): string => `
  select c.*, d.today, ${rated ? RATING : 'null::text'} as rating
  from customer c cross join lateral (select ${todayOf(now)} as today) d
  ${rated ? `cross join lateral ${figuresOf('d.today')} f` : ''}
  where c.organisation_id = $1 and c.erased_at is null and ${which}`;
