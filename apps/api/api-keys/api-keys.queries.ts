import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { notFound } from '../common/reference.js';
import type { Role } from '../common/roles.js';
import type { ApiKeyResource } from './api-keys.schemas.js';

export interface ApiKeyRow {
  id: string;
  name: string;
  role: Role;
  hint: string;
  recorded_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export const API_KEY_COLUMNS = 'id, name, role, hint, recorded_at, last_used_at, revoked_at';

export const apiKeyView = (row: ApiKeyRow): ApiKeyResource => ({
  id: row.id,
  name: row.name,
  role: row.role,
  hint: row.hint,
  recordedAt: instantText(row.recorded_at),
  lastUsedAt: instantTextOrNull(row.last_used_at),
  revokedAt: instantTextOrNull(row.revoked_at),
});

export const listApiKeys = (scope: Scope, page: PageQuery): Promise<Page<ApiKeyResource>> =>
  listPage<ApiKeyRow, ApiKeyResource>(
    scope,
    {
      columns: API_KEY_COLUMNS,
      from: 'api_key',
      where: [['organisation_id = ?', scope.organisationId]],
      sort: { by: 'recorded_at', type: 'timestamptz' },
      id: 'id',
      view: apiKeyView,
    },
    page,
  );

export const getApiKey = async (scope: Scope, id: string): Promise<ApiKeyRow> => {
  const [row] = await scope.manager.query<ApiKeyRow[]>(
    `select ${API_KEY_COLUMNS} from api_key where organisation_id = $1 and id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw notFound('api_key', id);
  return row;
};
