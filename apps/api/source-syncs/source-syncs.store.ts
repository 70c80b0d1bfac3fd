import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import type { SourceSyncInput, SourceSyncResource } from './source-syncs.schemas.js';

interface SourceSyncRow {
  source: string;
  complete_through: Date;
  recorded_at: Date;
}

const view = (row: SourceSyncRow): SourceSyncResource => ({
  source: row.source,
  completeThrough: instantText(row.complete_through),
  recordedAt: instantText(row.recorded_at),
});

/** Never goes back: a report that comes late tells nothing new. */
const UPSERT = `
  insert into source_sync as s (organisation_id, source, complete_through) values ($1, $2, $3)
  on conflict (organisation_id, source) do update
    set complete_through = greatest(s.complete_through, excluded.complete_through), recorded_at = now()
  returning source, complete_through, recorded_at`;

export const recordSourceSync = async (
  scope: Scope,
  source: string,
  { completeThrough }: SourceSyncInput,
): Promise<SourceSyncResource> => {
  const [row] = await scope.manager.query<SourceSyncRow[]>(UPSERT, [
    scope.organisationId,
    source,
    completeThrough,
  ]);
  if (!row) throw new Error('The source was not written.');
  return view(row);
};

/** A handful, so without pages. */
export const listSourceSyncs = async (scope: Scope): Promise<SourceSyncResource[]> => {
  const rows = await scope.manager.query<SourceSyncRow[]>(
    'select source, complete_through, recorded_at from source_sync where organisation_id = $1 order by source',
    [scope.organisationId],
  );
  return rows.map(view);
};
