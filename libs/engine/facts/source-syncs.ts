import { type Instant, parseInstant } from '#domain/instant.js';
import type { SourceSyncInput } from '#contracts/schemas/index.js';
import type { Scope } from '../scope.js';
import { tellOfRelease } from '../stop/stop.js';
import { audit } from './audit.js';

/**
 * Whether the books of organisation $1 are older than it allows: of several sources the one that lags most counts, and books
 * that nobody told anything of are.
 *
 * @param now an expression for the organisation's clock
 */
export const staleBooks = (now: string): string => `(
  select o.settings ? 'booksMayLag' and coalesce(
    (select min(s.complete_through) from source_sync s where s.organisation_id = $1)
      < (${now})::timestamptz - (o.settings ->> 'booksMayLag')::interval, true)
  from organisation o where o.id = $1)`;

/** Records until when a source's payments are known, and lets go on what waited for that. */
export async function recordSourceSync(
  scope: Scope,
  source: string,
  { completeThrough }: SourceSyncInput,
): Promise<void> {
  await scope.manager.query(
    `insert into source_sync (organisation_id, source, complete_through) values ($1, $2, $3)
     on conflict (organisation_id, source) do update set complete_through = excluded.complete_through,
       recorded_at = now()`,
    [scope.organisationId, source, new Date(parseInstant(completeThrough))],
  );
  await tellOfRelease(scope);
}

/** A source that is no more: it is waited for no longer. @returns whether there was one */
export async function forgetSource(scope: Scope, source: string): Promise<boolean> {
  const [rows] = await scope.manager.query<[object[], number]>(
    'delete from source_sync where organisation_id = $1 and source = $2 returning source',
    [scope.organisationId, source],
  );
  if (rows.length === 0) return false;
  await audit(scope, [
    {
      action: 'source.forgotten',
      subjectType: 'organisation',
      subjectId: scope.organisationId,
      detail: { source },
    },
  ]);
  await tellOfRelease(scope);
  return true;
}

/** How fresh the books are. */
export interface Books {
  /** Instants by source. */
  sources: { source: string; completeThrough: Instant; recordedAt: Instant }[];
  isStale: boolean;
}

export async function readBooks({ manager, organisationId, now }: Scope): Promise<Books> {
  const [row] = await manager.query<Books[]>(
    `select ${staleBooks('$2::timestamptz')} as "isStale",
       coalesce((select json_agg(json_build_object('source', s.source,
           'completeThrough', (extract(epoch from s.complete_through) * 1000)::bigint,
           'recordedAt', (extract(epoch from s.recorded_at) * 1000)::bigint) order by s.source)
         from source_sync s where s.organisation_id = $1), '[]') as sources`,
    [organisationId, new Date(now)],
  );
  if (!row) throw new Error('A statement without a table always answers.');
  return row;
}
