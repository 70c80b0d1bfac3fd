import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OrganisationInput } from '#contracts/schemas/index.js';
import { withScope } from '#engine/scope.js';
import type { Scope } from '#engine/scope.js';
import { withSystem } from '#store/with-organisation.js';
import { createApiKey, withoutToken } from '../api-keys/api-keys.commands.js';
import { Database } from '../common/database.js';
import { once } from '../common/idempotency.js';
import type { IdempotentAnswer, IdempotentRequest } from '../common/idempotency.js';
import { Problem } from '../common/problem.js';
import { currentOrganisation } from './organisations.queries.js';
import type { Founded } from './organisations.schemas.js';

/** A uuid (version 8, RFC 9562) that the same Idempotency-Key always gives. */
const idFromKey = (key: string): string => {
  const bytes = createHash('sha256').update(`organisation ${key}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

const INSERT = `
  insert into organisation (id, external_id, name, kind, zone, clock_now)
  values (coalesce($1::uuid, uuidv7()), $2, $3, $4, $5,
          case when $4 = 'test' then coalesce($6::timestamptz, date_trunc('milliseconds', now())) end)
  on conflict do nothing returning id`;

/** One whose founding stopped between its two transactions has no key yet, and is completed. */
const FIND = `
  select o.id, exists (select from api_key k where k.organisation_id = o.id) as founded
  from organisation o where o.id = $1 or o.external_id = $2`;

const insertOrFind = async (
  manager: EntityManager,
  input: OrganisationInput,
  wantedId: string | undefined,
): Promise<string> => {
  const { externalId = null, name, kind, zone = 'UTC', clockNow = null } = input;
  const values = [wantedId ?? null, externalId, name, kind, zone, clockNow];
  const [created] = await manager.query<{ id: string }[]>(INSERT, values);
  if (created) return created.id;
  const found = await manager.query<{ id: string; founded: boolean }[]>(FIND, [wantedId ?? null, externalId]);
  const match = found.find(({ id, founded }) => id === wantedId || !founded);
  if (match) return match.id;
  throw new Problem('conflict', `There is an organisation with the external id ${externalId ?? ''}.`, {
    errors: [
      { path: 'externalId', message: 'is taken; write another, or use the organisation that is there' },
    ],
  });
};

/** Creates organisations with their first key. Two transactions: only the system role may create an organisation. */
@Injectable()
export class Founding {
  constructor(private readonly database: Database) {}

  async found(
    input: OrganisationInput,
    request: IdempotentRequest | undefined,
  ): Promise<IdempotentAnswer<Founded>> {
    const wantedId = request && idFromKey(request.key);
    const id = await withSystem(this.database.system, (manager) => insertOrFind(manager, input, wantedId));
    return withScope(this.database.app, id, 'root', async (scope) => {
      if (!request) return { answer: await complete(scope), replayed: false };
      return once(
        scope,
        request,
        () => complete(scope),
        ({ organisation, apiKey }) => ({
          organisation,
          apiKey: withoutToken(apiKey),
        }),
      );
    });
  }
}

const complete = async (scope: Scope): Promise<Founded> => ({
  organisation: await currentOrganisation(scope),
  apiKey: await createApiKey(scope, { name: 'First admin', role: 'admin' }),
});
