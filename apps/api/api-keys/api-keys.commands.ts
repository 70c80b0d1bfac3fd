import type { Scope } from '#engine/scope.js';
import { newToken } from '../common/api-key-token.js';
import { audit } from '../common/audit.js';
import { Problem } from '../common/problem.js';
import { idOf } from '../common/reference.js';
import { API_KEY_COLUMNS, apiKeyView, getApiKey } from './api-keys.queries.js';
import type { ApiKeyRow } from './api-keys.queries.js';
import type { ApiKeyInput, ApiKeyResource, NewApiKeyResource, RotateInput } from './api-keys.schemas.js';

/** The key is in the answer and nowhere else. */
export const createApiKey = async (scope: Scope, { name, role }: ApiKeyInput): Promise<NewApiKeyResource> => {
  const { token, hash, hint } = newToken(scope.kind);
  const [row] = await scope.manager.query<ApiKeyRow[]>(
    `insert into api_key (organisation_id, name, role, hash, hint) values ($1, $2, $3, $4, $5) returning ${API_KEY_COLUMNS}`,
    [scope.organisationId, name, role, hash, hint],
  );
  if (!row) throw new Error('The key was not written.');
  await audit(scope, {
    action: 'api_key.created',
    subjectType: 'api_key',
    subjectId: row.id,
    detail: { role },
  });
  return { ...apiKeyView(row), token };
};

/** What is kept for a repetition: everything but the key. */
export const withoutToken = (key: NewApiKeyResource): NewApiKeyResource => ({ ...key, token: null });

/** Ends a key now or after some minutes; one that ended, or will sooner, stays as it is. */
export const revokeApiKey = async (
  scope: Scope,
  reference: string,
  graceMinutes = 0,
): Promise<ApiKeyResource> => {
  const id = await idOf(scope, 'api_key', reference);
  await refuseLastAdmin(scope, id);
  return endKey(scope, id, graceMinutes);
};

/** A new key of the same name and role in place of the old one. */
export const rotateApiKey = async (
  scope: Scope,
  reference: string,
  { graceMinutes = 0 }: RotateInput,
): Promise<NewApiKeyResource> => {
  const old = await getApiKey(scope, await idOf(scope, 'api_key', reference));
  if (old.revoked_at !== null) throw new Problem('conflict', 'This key was revoked or rotated before.');
  const created = await createApiKey(scope, old);
  await endKey(scope, old.id, graceMinutes);
  return created;
};

const endKey = async (scope: Scope, id: string, graceMinutes: number): Promise<ApiKeyResource> => {
  await scope.manager.query(
    `update api_key set revoked_at = least(revoked_at, now() + make_interval(mins => $3))
     where organisation_id = $1 and id = $2`,
    [scope.organisationId, id, graceMinutes],
  );
  await audit(scope, {
    action: 'api_key.revoked',
    subjectType: 'api_key',
    subjectId: id,
    detail: { graceMinutes },
  });
  return apiKeyView(await getApiKey(scope, id));
};

/** Nobody could make another key. Locks the admin keys, so that two do not revoke each other. */
const refuseLastAdmin = async (scope: Scope, id: string): Promise<void> => {
  const admins = await scope.manager.query<{ id: string }[]>(
    `select id from api_key where organisation_id = $1 and role = 'admin' and revoked_at is null order by id for update`,
    [scope.organisationId],
  );
  if (admins.length !== 1 || admins[0]?.id !== id) return;
  throw new Problem('conflict', "This is the organisation's last admin key.", {
    remedy: 'Create another admin key first, or rotate this one.',
  });
};
