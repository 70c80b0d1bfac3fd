import type { CustomerInput, Refused, UpsertResult } from '#contracts/schemas/index.js';
import type { Scope } from '../scope.js';
import { announceMany, lockQuietly } from './announce-many.js';
import { audit } from './audit.js';
import {
  type ReadCustomers,
  insertCustomers,
  readCustomers,
  storeManagers,
  storePeople,
  updateCustomers,
} from './customer-sql.js';
import { type CustomerState, changedFields, mergeCustomer } from './customer-state.js';
import { refused } from './refusal.js';
import { AGAIN, inRounds } from './rounds.js';

/**
 * Creates or updates customers by their external ids, with their contact people. What an input leaves out stays as it
 * is. What changed is a fact: the outreach to those customers is planned anew. Set-based: some ten round trips however
 * many there are; at most a few thousand at once.
 *
 * @returns one result an input, in their order
 */
export const upsertCustomers = (scope: Scope, inputs: readonly CustomerInput[]): Promise<UpsertResult[]> =>
  inRounds(
    inputs,
    (input) => input.externalId,
    (round) => upsertRound(scope, round),
  );

async function upsertRound(
  scope: Scope,
  inputs: readonly CustomerInput[],
): Promise<(UpsertResult | typeof AGAIN)[]> {
  const ids = inputs.map((input) => input.externalId);
  await lockQuietly(scope, 'c.external_id = any ($2::text[])', ids);
  const read = await readCustomers(scope, inputs);
  const refusals = unknownParents(inputs, read);
  const taken = inputs.filter((input) => !refusals.has(input.externalId));
  const written = await write(scope, read, taken);
  return inputs.map((input) => refusals.get(input.externalId) ?? written.get(input.externalId) ?? AGAIN);
}

/** A parent may come with the same inputs; one that is refused itself is none. */
function unknownParents(
  inputs: readonly CustomerInput[],
  { stored, parents }: ReadCustomers,
): Map<string, Refused> {
  const refusals = new Map<string, Refused>();
  const coming = new Set(inputs.map((input) => input.externalId));
  const known = (id: string): boolean =>
    parents.has(id) || stored.has(id) || (coming.has(id) && !refusals.has(id));
  for (let before = -1; before !== refusals.size;) {
    before = refusals.size;
    for (const { externalId, parentExternalId: parent } of inputs) {
      if (!parent || known(parent) || refusals.has(externalId)) continue;
      const message = 'is no customer; load the parent first, or correct its id';
      refusals.set(externalId, refused(externalId, 'unknown_parent', 'parentExternalId', message));
    }
  }
  return refusals;
}

async function write(
  scope: Scope,
  { stored, organisationZone }: ReadCustomers,
  inputs: readonly CustomerInput[],
): Promise<Map<string, UpsertResult>> {
  const next = inputs.map((input) => mergeCustomer(stored.get(input.externalId), input, organisationZone));
  const fresh = next.filter(({ externalId }) => !stored.has(externalId));
  const changed = next.flatMap((customer) => {
    const was = stored.get(customer.externalId);
    const fields = was ? changedFields(was, customer) : [];
    return was && fields.length > 0 ? [{ ...customer, id: was.id, fields }] : [];
  });
  await storeManagers(scope, [...fresh, ...changed]);
  const ids = await insertCustomers(scope, fresh);
  const created = fresh.flatMap((customer) => {
    const id = ids.get(customer.externalId);
    return id === undefined ? [] : [{ ...customer, id }];
  });
  await updateCustomers(scope, [...changed, ...created.filter(hasParent)]);
  await storePeople(scope, [...created, ...changed]);
  await audit(scope, changed.map(auditEntry));
  await announceMany(
    scope,
    changed.map(({ id }) => ({ customerId: id })),
  );
  const updated = new Set(changed.map(({ externalId }) => externalId));
  const known = [...stored.values()].map(({ id, externalId }): [string, UpsertResult] => {
    return [externalId, { id, externalId, result: updated.has(externalId) ? 'updated' : 'unchanged' }];
  });
  const made = created.map(({ id, externalId }): [string, UpsertResult] => {
    return [externalId, { id, externalId, result: 'created' }];
  });
  return new Map([...known, ...made]);
}

const hasParent = ({ parentExternalId }: CustomerState): boolean => parentExternalId !== null;

const auditEntry = ({ id, fields }: { id: string; fields: string[] }) => ({
  action: 'customer.updated',
  subjectType: 'customer',
  subjectId: id,
  detail: { fields },
});
