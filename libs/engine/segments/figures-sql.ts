import { RATING_RULE } from '#domain/payer-rating.js';
import { KEEPING } from '../enrolment-sql.js';

const { days, graceDays, veryLateDays, leastInvoices, good, chronic } = RATING_RULE;

/** The day on which an invoice `i` of customer `c` was paid in full; null while it is open. */
const SETTLED_ON = `case when i.status = 'settled' then (
  select max(coalesce(y.effective_at, a.effective_at)) at time zone c.zone
  from allocation a left join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
  where a.organisation_id = i.organisation_id and a.invoice_id = i.id and a.reversed_at is null)::date end`;

/**
 * The paying figures of customer `c`, as one row. Mean and longest are of whole days.
 *
 * @param today an expression for the day it is where the customer is
 * @see PayingFigures
 */
export const figuresOf = (today: string): string => `(
  select count(l.late)::int as due, (count(*) filter (where l.late <= ${graceDays}))::int as on_time,
    (count(*) filter (where l.late > ${veryLateDays}))::int as very_late,
    coalesce(round(avg(l.late), 1), 0)::float8 as average_days_late, coalesce(max(l.late), 0)::int as longest_days_late,
    (count(*) filter (where l.late is not null and l.settled_on is null))::int as overdue, max(k.promises)::int as promises,
    max(k.broken)::int as broken_promises
  from (select count(*) as promises, count(*) filter (where r.amount_minor > ${KEEPING}) as broken
      from promise r join invoice v on v.organisation_id = r.organisation_id and v.id = r.invoice_id
      where r.organisation_id = c.organisation_id and v.customer_id = c.id and r.cancelled_at is null
        and r.promised_on < ${today} and r.promised_on >= ${today} - ${days}) k
  left join lateral (
    select s.settled_on, greatest(0, coalesce(s.settled_on, ${today}) - i.due_on) as late
    from invoice i cross join lateral (select ${SETTLED_ON} as settled_on) s
    where i.organisation_id = c.organisation_id and i.customer_id = c.id and i.status in ('open', 'settled')
      and i.due_on < ${today} and i.due_on >= ${today} - ${days}
      and not exists (select from hold h where h.organisation_id = i.organisation_id and h.invoice_id = i.id
        and h.kind = 'dispute')) l on true)`;

/** The rating that figures `f` come to; the same rule as `ratingOf`, for conditions that the database looks at. */
export const RATING = `case
  when f.due < ${leastInvoices} then 'new'
  when f.very_late * 100 >= f.due * ${chronic.veryLatePercent} or f.average_days_late >= ${chronic.averageDaysLate}
    or (f.broken_promises >= ${chronic.brokenPromises} and f.broken_promises * 2 >= f.promises) then 'chronic'
  when f.on_time * 100 >= f.due * ${good.onTimePercent} and f.average_days_late <= ${good.averageDaysLate}
    and f.broken_promises = 0 then 'good'
  else 'average' end`;
