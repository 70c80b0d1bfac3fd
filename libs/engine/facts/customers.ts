import type { CustomerInput, Refused, UpsertResult, Written } from '#contracts/schemas/index.js';
import { parseInstant } from '#domain/instant.js';
import { contradictionIn, housePolicy, wishesPolicy } from '#domain/policy/own-rules.js';
import { idsWithDaughters } from '../announce.js';
import type { Scope } from '../scope.js';
import { announceMany, lockQuietly } from './announce-many.js';
import { audit } from './audit.js';
import { type ImportedConsent, importConsents } from './consents.js';
import {
  type ReadCustomers,
  insertCustomers,
  readCustomers,
  storeManagers,
  storePeople,
  updateCustomers,
} from './customer-sql.js';
import { type CustomerState, changedFields, mergeCustomer } from './customer-state.js';
import { ONLY_PERSON } from './people.js';
import { refused } from './refusal.js';
import { recogniseErased } from '../privacy/recognise-erased.js';
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

/** Also those whose parent company is named: its people are facts of theirs. */
const NAMED = `(c.external_id = any ($2::text[]) or c.parent_id in (
  select p.id from customer p where p.organisation_id = $1 and p.external_id = any ($2::text[])))`;

async function upsertRound(
  scope: Scope,
  inputs: readonly CustomerInput[],
): Promise<(UpsertResult | typeof AGAIN)[]> {
  const ids = inputs.map((input) => input.externalId);
  await lockQuietly(scope, NAMED, ids);
  const read = await readCustomers(scope, inputs);
  const refusals = new Map([
    ...unreachable(inputs, read),
    ...crowded(inputs, read),
    ...unknownParents(inputs, read),
  ]);
  const taken = inputs.filter((input) => !refusals.has(input.externalId));
  const written = await write(scope, read, taken);
  return inputs.map((input) => refusals.get(input.externalId) ?? written.get(input.externalId) ?? AGAIN);
}

/** A consumer is written to alone: who else knows of a debt is nobody's business but theirs. */
const crowded = (inputs: readonly CustomerInput[], { stored }: ReadCustomers): [string, Refused][] =>
  inputs.flatMap(({ externalId, kind, people }) => {
    const before = stored.get(externalId);
    if ((kind ?? before?.kind) !== 'person') return [];
    const count = people?.length ?? before?.people.filter(isThere).length ?? 0;
    const message = 'are several, and a person is written to alone; write one, or the kind company';
    return count > 1 ? [[externalId, refused(externalId, 'invalid_value', 'people', message)]] : [];
  });

/** Not retired with all of its addresses. */
const isThere = ({ points }: CustomerState['people'][number]): boolean =>
  points.some(({ status }) => status !== 'retired');

/** Whose wishes the rules of the house leave no moment for. */
const unreachable = (inputs: readonly CustomerInput[], { houseRules }: ReadCustomers): [string, Refused][] =>
  inputs.flatMap(({ externalId, wishes }) => {
    if (!wishes?.length) return [];
    const contradiction = contradictionIn([housePolicy(houseRules), wishesPolicy(wishes)]);
    return contradiction
      ? [
          [
            externalId,
            refused(externalId, 'invalid_value', 'wishes', `${contradiction}, or those of the house`),
          ],
        ]
      : [];
  });

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

type WithId = CustomerState & { id: string };

async function write(
  scope: Scope,
  read: ReadCustomers,
  inputs: readonly CustomerInput[],
): Promise<Map<string, UpsertResult>> {
  const { stored, organisationZone } = read;
  const next = inputs.map((input) => mergeCustomer(stored.get(input.externalId), input, organisationZone));
  const fresh = next.filter(({ externalId }) => !stored.has(externalId));
  const changed = changedOf(read, next);
  await storeManagers(scope, [...fresh, ...changed]);
  const created = withIds(fresh, await insertCustomers(scope, fresh));
  await updateCustomers(scope, [...changed, ...created.filter(hasParent)]);
  await storePeople(scope, [...created, ...changed]);
  await recogniseErased(
    scope,
    [...created, ...changed].map(({ id }) => id),
  );
  const known = new Map([...stored, ...created.map((each) => [each.externalId, each] as const)]);
  const agreed = await importConsents(
    scope,
    inputs.flatMap((input) => consentsOf(input, known.get(input.externalId)?.id)),
  );
  await audit(scope, changed.map(auditEntry));
  const told = await idsWithDaughters(scope, [...changed.map(({ id }) => id), ...agreed]);
  await announceMany(
    scope,
    told.map((customerId) => ({ customerId })),
  );
  return new Map([
    ...resultsOf([...stored.values()], 'unchanged'),
    ...resultsOf(changed, 'updated'),
    ...resultsOf(created, 'created'),
  ]);
}

/** What an input says of direct messages to its people. */
function consentsOf(
  { people, telegramConsent }: CustomerInput,
  customerId: string | undefined,
): ImportedConsent[] {
  if (customerId === undefined) return [];
  return (people ?? [{ externalId: ONLY_PERSON, telegramConsent }]).flatMap((person) =>
    person.telegramConsent
      ? [
          {
            customerId,
            personExternalId: person.externalId,
            how: person.telegramConsent.how,
            at: parseInstant(person.telegramConsent.at),
          },
        ]
      : [],
  );
}

const changedOf = (
  { stored }: ReadCustomers,
  next: readonly CustomerState[],
): (WithId & { fields: string[] })[] =>
  next.flatMap((customer) => {
    const was = stored.get(customer.externalId);
    const fields = was ? changedFields(was, customer) : [];
    return was && fields.length > 0 ? [{ ...customer, id: was.id, fields }] : [];
  });

/** Those that another transaction created meanwhile have no id here. */
const withIds = (customers: readonly CustomerState[], ids: ReadonlyMap<string, string>): WithId[] =>
  customers.flatMap((customer) => {
    const id = ids.get(customer.externalId);
    return id === undefined ? [] : [{ ...customer, id }];
  });

const resultsOf = (customers: readonly WithId[], result: Written['result']): [string, UpsertResult][] =>
  customers.map(({ id, externalId }) => [externalId, { id, externalId, result }]);

const hasParent = ({ parentExternalId }: CustomerState): boolean => parentExternalId !== null;

const auditEntry = ({ id, fields }: { id: string; fields: string[] }) => ({
  action: 'customer.updated',
  subjectType: 'customer',
  subjectId: id,
  detail: { fields },
});
