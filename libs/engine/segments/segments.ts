import { isDeepStrictEqual } from 'node:util';
import type { CustomerConditions, SegmentInput, UpsertResult } from '#contracts/schemas/index.js';
import { audit } from '../facts/audit.js';
import { AGAIN, inRounds } from '../facts/rounds.js';
import type { Scope } from '../scope.js';
import { allOf, Bound } from './bound.js';
import { customerSql } from './conditions.js';
import { whoSql } from './who-sql.js';

/**
 * Creates or updates segments by their external ids. Nothing is stored of who is in one: that is looked up when
 * it is used.
 *
 * @returns one result an input, in their order
 */
export const upsertSegments = (scope: Scope, inputs: readonly SegmentInput[]): Promise<UpsertResult[]> =>
  inRounds(
    inputs,
    (input) => input.externalId,
    async (round) => {
      const results: (UpsertResult | typeof AGAIN)[] = [];
      for (const input of round) results.push(await upsertOne(scope, input));
      return results;
    },
  );

async function upsertOne(
  scope: Scope,
  { externalId, name, filter }: SegmentInput,
): Promise<UpsertResult | typeof AGAIN> {
  const values = [scope.organisationId, externalId, name, JSON.stringify(filter)];
  const [stored] = await scope.manager.query<{ id: string; name: string; filter: CustomerConditions }[]>(
    `select id, name, filter from segment where organisation_id = $1 and external_id = $2 for no key update`,
    values.slice(0, 2),
  );
  if (!stored) {
    const [row] = await scope.manager.query<{ id: string }[]>(
      `insert into segment (organisation_id, external_id, name, filter) values ($1, $2, $3, $4)
       on conflict (organisation_id, external_id) do nothing returning id`,
      values,
    );
    return row ? { id: row.id, externalId, result: 'created' } : AGAIN;
  }
  const { id } = stored;
  if (stored.name === name && isDeepStrictEqual(stored.filter, filter))
    return { id, externalId, result: 'unchanged' };
  await scope.manager.query(
    'update segment set name = $3, filter = $4 where organisation_id = $1 and external_id = $2',
    values,
  );
  await audit(scope, [
    { action: 'segment.updated', subjectType: 'segment', subjectId: id, detail: { from: stored.filter } },
  ]);
  return { id, externalId, result: 'updated' };
}

/** @returns the rules that use it, for which it stays; none: it is gone */
export async function deleteSegment(scope: Scope, id: string): Promise<string[]> {
  const [segment] = await scope.manager.query<{ external_id: string }[]>(
    'select external_id from segment where organisation_id = $1 and id = $2 for update',
    [scope.organisationId, id],
  );
  if (!segment) return [];
  const users = await scope.manager.query<{ external_id: string }[]>(
    `select external_id from enrolment_rule r where r.organisation_id = $1
       and (r.audience -> 'segments' ? $2 or r.exception -> 'segments' ? $2) order by external_id`,
    [scope.organisationId, segment.external_id],
  );
  if (users.length > 0) return users.map((rule) => rule.external_id);
  await scope.manager.query('delete from segment where organisation_id = $1 and id = $2', [
    scope.organisationId,
    id,
  ]);
  await audit(scope, [
    {
      action: 'segment.deleted',
      subjectType: 'segment',
      subjectId: id,
      detail: { externalId: segment.external_id },
    },
  ]);
  return [];
}

/** How many customers conditions hold for now, and the ids of the first of them by external id; of all, unless said. */
export async function customersOf(
  scope: Scope,
  filter: CustomerConditions,
  first: number | null = null,
): Promise<{ count: number; ids: string[] }> {
  const bound = new Bound([scope.organisationId, new Date(scope.now)]);
  const holds = allOf(customerSql(filter, bound));
  const [row] = await scope.manager.query<{ count: number; ids: string[] | null }[]>(
    `with who as (select w.id, w.external_id from (${whoSql('$2', 'true', filter.ratings !== undefined)}) w where ${holds})
     select (select count(*) from who)::int as count, (select json_agg(f.id order by f.external_id)
       from (select * from who order by external_id limit ${bound.bind(first)}) f) as ids`,
    bound.values,
  );
  return { count: row?.count ?? 0, ids: row?.ids ?? [] };
}
