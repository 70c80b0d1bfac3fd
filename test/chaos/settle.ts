import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/**
 * What is still to come is waited for until a fixed moment, for a provider that took no connection is tried again in a
 * minute, and after that as long as steps follow each other. Not for what comes into view as time goes by: a relay that was
 * throttled is tried again in five minutes.
 */
const SOON_MS = 75_000;
const NEXT_STEP = '12 seconds';
const AWAITED = `greatest(to_timestamp($1::bigint / 1000.0), now() + interval '${NEXT_STEP}')`;

/** What is not at rest, as counts; the first three are the settled predicate. */
const UNRESTING = `
  select
    (select count(*) from enrolment e where e.planned_version < e.facts_version
      and e.id = (select w.id from enrolment w where w.organisation_id = e.organisation_id and w.invoice_id = e.invoice_id
                  order by (w.state = 'open') desc, w.recorded_at desc, w.id desc limit 1))::int as unplanned,
    (select count(*) from outbox)::int as undelivered,
    (select count(*) from contact where state = 'attempting')::int as attempting,
    (select count(*) from contact where state = 'unknown' and resolution is null)::int as unknown,
    (select count(*) from receipt where applied_at is null)::int as "waitingReceipts",
    (select count(*) from inbound_message where applied_at is null)::int as "waitingMessages",
    (select count(*) from enrolment where waits_for_release)::int as "waitingForRelease",
    (select count(*) from answer_request where state = 'waiting' and coalesce((tries ->> 'notBefore')::bigint, 0)
      < extract(epoch from ${AWAITED}) * 1000)::int as answers,
    (select count(*) from enrolment where state = 'open' and next_due_at < ${AWAITED})::int as due`;

export type Unresting = Record<string, number>;

/**
 * Waits until nothing is left to do but what is far away.
 *
 * @param healed when the faults ended
 * @returns what was left when the time was over; null when nothing
 */
export async function comeToRest(
  owner: DataSource,
  healed: number,
  until: number,
  say: (line: string) => void,
): Promise<Unresting | null> {
  for (let said = ''; ;) {
    const [counts = {}] = await owner
      .query<Unresting[]>(UNRESTING, [healed + SOON_MS])
      .catch(() => [{ unreachable: 1 }]);
    const left = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
    if (Object.keys(left).length === 0) return null;
    if (Date.now() > until) return left;
    const line = `still ${Object.entries(left)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`;
    if (line !== said) say((said = line));
    await pause(1_000);
  }
}
