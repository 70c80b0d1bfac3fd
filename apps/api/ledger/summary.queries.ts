import { parseInstant } from '#domain/instant.js';
import type { Resolution } from '#domain/delivery.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import type { LedgerSummaryResource } from './ledger.schemas.js';

export interface SummaryQuery {
  from?: string | undefined;
  to?: string | undefined;
}

const COUNT = `
  select o.provider, o.medium, o.state, o.delivery, o.resolution, count(*)::int as count, sum(o.parts)::int as parts, min(o.decided_at) as oldest
  from contact o
  where o.organisation_id = $1 and o.decided_at >= $2 and ($3::timestamptz is null or o.decided_at < $3)
  group by o.provider, o.medium, o.state, o.delivery, o.resolution
  order by o.provider, o.medium, o.state, o.delivery nulls first, o.resolution nulls first`;

type Group = LedgerSummaryResource['messages'][number] & { oldest: Date };

const THIRTY_DAYS = 30 * 24 * 3_600_000;

/** What became of all messages of a time, the last thirty days unless told. */
export async function summariseLedger(
  { manager, organisationId, now }: Scope,
  { from, to }: SummaryQuery,
): Promise<LedgerSummaryResource> {
  const since = new Date(from === undefined ? now - THIRTY_DAYS : parseInstant(from));
  const until = to === undefined ? null : new Date(parseInstant(to));
  const groups = await manager.query<Group[]>(COUNT, [organisationId, since, until]);
  return {
    from: instantText(since),
    to: instantTextOrNull(until),
    messages: groups.map(({ oldest: _told, ...group }) => group),
    unknown: residueOf(groups),
  };
}

function residueOf(groups: readonly Group[]): LedgerSummaryResource['unknown'] {
  const open = groups.filter(({ state, resolution }) => state === 'unknown' && resolution === null);
  const by = (wanted: Resolution): number => sum(groups.filter(({ resolution }) => resolution === wanted));
  const oldest = open.map((group) => group.oldest.getTime()).sort((one, other) => one - other)[0];
  return {
    lookedFor: sum(open),
    oldestLookedFor: oldest === undefined ? null : instantText(new Date(oldest)),
    treatedAsSent: by('treated_as_sent'),
    byReceipt: by('receipt'),
    byLookUp: by('look_up'),
    released: by('released'),
  };
}

const sum = (groups: readonly Group[]): number => groups.reduce((total, { count }) => total + count, 0);
