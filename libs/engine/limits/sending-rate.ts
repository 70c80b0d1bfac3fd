import type { EntityManager } from 'typeorm';
import type { Instant } from '#domain/instant.js';
import type { Rate } from '#domain/limits.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';

/** Whose line it is. */
export interface Sender {
  organisationId: string;
  provider: string;
  sender: string;
}

/**
 * The generic cell rate algorithm (ITU-T I.371, 1993): one instant says how far the line reaches, and whoever comes moves it on by one
 * interval. So each has a moment of its own, in the order in which they came.
 */
const TAKE: Prepared = {
  name: 'take-slot',
  text: `
  insert into sending_rate as r (organisation_id, provider, sender, next_at)
  values ($1, $2, $3, greatest(clock_timestamp(), $6::timestamptz) + $4::float8 * interval '1 ms')
  on conflict (organisation_id, provider, sender) do update
    set next_at = greatest(r.next_at, clock_timestamp(), $6::timestamptz, r.blocked_until) + $4::float8 * interval '1 ms'
  returning (extract(epoch from greatest(next_at - ($4::float8 + $5::float8) * interval '1 ms', $6::timestamptz, blocked_until,
      clock_timestamp())) * 1000)::float8 as at,
    (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
};

/**
 * Takes the next place in a sender's line, for good: it is lost when nothing is sent.
 *
 * @param notBefore the line does not move until then
 * @returns null when it is free now, else its moment
 */
export async function takeSlot(
  manager: EntityManager,
  { organisationId, provider, sender }: Sender,
  { perSecond, burst = 1 }: Rate,
  notBefore: Instant | null = null,
): Promise<Instant | null> {
  const interval = 1_000 / perSecond;
  const [row] = await queryPrepared<{ at: number; now: number }>(manager, TAKE, [
    organisationId,
    provider,
    sender,
    interval,
    (burst - 1) * interval,
    notBefore === null ? null : new Date(notBefore),
  ]);
  if (!row) throw new Error('No place was taken.');
  // The clock moves on while the row is answered.
  return row.at - row.now < 1 ? null : Math.ceil(row.at);
}

/** Everything of a sender waits so long, for its provider asked for it. */
export async function block(
  manager: EntityManager,
  { organisationId, provider, sender }: Sender,
  ms: number,
): Promise<void> {
  await manager.query(
    `insert into sending_rate as r (organisation_id, provider, sender, next_at, blocked_until)
     select $1, $2, $3, t.until, t.until from (select clock_timestamp() + $4::float8 * interval '1 ms' as until) t
     on conflict (organisation_id, provider, sender) do update
       set next_at = greatest(r.next_at, excluded.next_at), blocked_until = greatest(r.blocked_until, excluded.blocked_until)`,
    [organisationId, provider, sender, ms],
  );
}
