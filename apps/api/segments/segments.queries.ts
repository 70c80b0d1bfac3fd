import type { SegmentResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';

interface SegmentRow {
  id: string;
  external_id: string;
  name: string;
  filter: SegmentResource['filter'];
  recorded_at: Date;
}

const COLUMNS = 'id, external_id, name, filter, recorded_at';

const view = (row: SegmentRow): SegmentResource => ({
  id: row.id,
  externalId: row.external_id,
  name: row.name,
  filter: row.filter,
  recordedAt: instantText(row.recorded_at),
});

export const getSegment = async (scope: Scope, id: string): Promise<SegmentResource> => {
  const [row] = await scope.manager.query<SegmentRow[]>(
    `select ${COLUMNS} from segment where organisation_id = $1 and id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Segment ${id} is gone.`);
  return view(row);
};

export const listSegments = (scope: Scope, page: PageQuery): Promise<Page<SegmentResource>> =>
  listPage<SegmentRow, SegmentResource>(
    scope,
    {
      columns: COLUMNS,
      from: 'segment',
      where: [['organisation_id = ?', scope.organisationId]],
      sort: { by: 'recorded_at', type: 'timestamptz' },
      id: 'id',
      view,
    },
    page,
  );

/** In the order of the ids. */
export const externalIdsOf = async (scope: Scope, ids: readonly string[]): Promise<string[]> => {
  const rows = await scope.manager.query<{ id: string; external_id: string }[]>(
    'select id, external_id from customer where organisation_id = $1 and id = any ($2::uuid[])',
    [scope.organisationId, ids],
  );
  const names = new Map(rows.map((row) => [row.id, row.external_id]));
  return ids.flatMap((id) => names.get(id) ?? []);
};
