import type { SuppressionResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';

interface SuppressionRow {
  id: string;
  kind: SuppressionResource['kind'];
  normalised: string;
  medium: SuppressionResource['medium'];
  purpose: SuppressionResource['purpose'];
  reason: string;
  evidence: SuppressionResource['evidence'];
  effective_at: Date;
  recorded_at: Date;
  lifted_at: Date | null;
}

const COLUMNS =
  'id, kind, normalised, medium, purpose, reason, evidence, effective_at, recorded_at, lifted_at';

const view = (row: SuppressionRow): SuppressionResource => ({
  id: row.id,
  kind: row.kind,
  value: row.normalised,
  medium: row.medium,
  purpose: row.purpose,
  reason: row.reason,
  evidence: row.evidence,
  effectiveAt: instantText(row.effective_at),
  recordedAt: instantText(row.recorded_at),
  liftedAt: instantTextOrNull(row.lifted_at),
});

export const getSuppression = async (scope: Scope, id: string): Promise<SuppressionResource> => {
  const [row] = await scope.manager.query<SuppressionRow[]>(
    `select ${COLUMNS} from suppression where organisation_id = $1 and id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Suppression ${id} is gone.`);
  return view(row);
};

const EXPORTED = ['kind', 'value', 'medium', 'purpose', 'reason', 'effectiveAt'] as const;

/** All that stand, as a CSV file that the import of suppressions takes. */
export const exportSuppressions = async (scope: Scope): Promise<string> => {
  const rows = await scope.manager.query<SuppressionRow[]>(
    `select ${COLUMNS} from suppression where organisation_id = $1 and lifted_at is null order by recorded_at, id`,
    [scope.organisationId],
  );
  const lines = rows.map(view).map((each) => EXPORTED.map((field) => cell(each[field])).join(','));
  return [EXPORTED.join(','), ...lines, ''].join('\r\n');
};

/** As RFC 4180 has it. */
const cell = (value: string | null): string =>
  value === null ? '' : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

export interface SuppressionFilter extends PageQuery {
  kind?: SuppressionResource['kind'] | undefined;
  active?: boolean | undefined;
}

export const listSuppressions = (
  scope: Scope,
  filter: SuppressionFilter,
): Promise<Page<SuppressionResource>> =>
  listPage<SuppressionRow, SuppressionResource>(
    scope,
    {
      columns: COLUMNS,
      from: 'suppression',
      where: [
        ['organisation_id = ?', scope.organisationId],
        ['kind = ?', filter.kind],
        ['(lifted_at is null) = ?', filter.active],
      ],
      sort: { by: 'recorded_at', type: 'timestamptz' },
      id: 'id',
      view,
    },
    filter,
  );
