import type { CustomerInput } from '#contracts/schemas/index.js';
import type { OwnRules } from '#domain/policy/own-rules.js';
import type { Scope } from '../scope.js';
import type { CustomerState, StoredCustomer } from './customer-state.js';

const POINT = `json_build_object('kind', t.kind, 'value', t.value, 'normalised', t.normalised, 'position', t.position,
  'status', t.status, 'reason', t.reason)`;

/** In the order of a merge: by kind as the schema names them, then by preference. */
const PERSON = `json_build_object('externalId', q.external_id, 'position', q.position, 'roles', q.roles, 'name', q.name,
  'givenName', q.given_name, 'familyName', q.family_name, 'patronymic', q.patronymic, 'salutation', q.salutation,
  'formality', q.formality, 'locale', q.locale, 'points', coalesce((
    select json_agg(${POINT} order by t.kind, t.position, t.normalised) from contact_point t
    where t.organisation_id = q.organisation_id and t.person_id = q.id), '[]'))`;

const CUSTOMER = `json_build_object('id', c.id, 'externalId', c.external_id, 'kind', c.kind, 'name', c.name,
  'country', c.country, 'region', c.region, 'zone', c.zone, 'zoneSource', c.zone_source, 'locale', c.locale,
  'preferredMedium', c.preferred_medium, 'wishes', c.wishes, 'vip', c.vip, 'address', c.address, 'parentExternalId', (
    select p.external_id from customer p where p.organisation_id = c.organisation_id and p.id = c.parent_id),
  'accountManager', (select json_build_object('externalId', m.external_id, 'name', m.name, 'email', m.email,
    'phone', m.phone) from account_manager m
    where m.organisation_id = c.organisation_id and m.id = c.account_manager_id),
  'people', coalesce((select json_agg(${PERSON} order by q.position, q.external_id) from contact_person q
    where q.organisation_id = c.organisation_id and q.customer_id = c.id), '[]'))`;

export interface ReadCustomers {
  organisationZone: string;
  houseRules: OwnRules;
  stored: Map<string, StoredCustomer>;
  /** External ids that exist, of those an input names as its parent. */
  parents: Set<string>;
}

/** What inputs are merged with, read under the customers' locks. */
export async function readCustomers(scope: Scope, inputs: readonly CustomerInput[]): Promise<ReadCustomers> {
  const [row] = await scope.manager.query<
    { zone: string; houseRules: OwnRules; customers: StoredCustomer[] | null; parents: string[] }[]
  >(
    `select o.zone, coalesce(o.settings -> 'houseRules', '[]') as "houseRules",
       (select json_agg(${CUSTOMER}) from customer c
         where c.organisation_id = $1 and c.external_id = any ($2::text[])) as customers,
       array(select p.external_id from customer p
         where p.organisation_id = $1 and p.external_id = any ($3::text[])) as parents
     from organisation o where o.id = $1`,
    [
      scope.organisationId,
      inputs.map((input) => input.externalId),
      inputs.flatMap((input) => input.parentExternalId ?? []),
    ],
  );
  if (!row) throw new Error(`Organisation ${scope.organisationId} vanished.`);
  const stored = new Map((row.customers ?? []).map((customer) => [customer.externalId, customer]));
  return { organisationZone: row.zone, houseRules: row.houseRules, stored, parents: new Set(row.parents) };
}

/** Account managers belong to the organisation: what the last input says of one holds for all its customers. */
export async function storeManagers(scope: Scope, customers: readonly CustomerState[]): Promise<void> {
  const managers = new Map(
    customers.flatMap(({ accountManager }) =>
      accountManager ? [[accountManager.externalId, accountManager]] : [],
    ),
  );
  if (managers.size === 0) return;
  await scope.manager.query(
    `insert into account_manager (organisation_id, external_id, name, email, phone)
     select $1, x."externalId", x.name, x.email, x.phone
     from jsonb_to_recordset($2::jsonb) as x("externalId" text, name text, email text, phone text)
     order by x."externalId"
     on conflict (organisation_id, external_id) do update
       set name = excluded.name, email = excluded.email, phone = excluded.phone
       where (account_manager.name, account_manager.email, account_manager.phone)
         is distinct from (excluded.name, excluded.email, excluded.phone)`,
    [scope.organisationId, JSON.stringify([...managers.values()])],
  );
}

const COLUMNS = `"externalId" text, kind text, name text, country text, region text, zone text, "zoneSource" text,
  locale text, "preferredMedium" text, wishes jsonb, vip boolean, address jsonb, "parentExternalId" text, "managerExternalId" text`;

const MANAGER = `(select m.id from account_manager m
  where m.organisation_id = $1 and m.external_id = x."managerExternalId")`;

const PARENT = `(select p.id from customer p where p.organisation_id = $1 and p.external_id = x."parentExternalId")`;

const customersJson = (customers: readonly CustomerState[]): string =>
  JSON.stringify(
    customers.map(({ people: _people, accountManager, ...columns }) => ({
      ...columns,
      managerExternalId: accountManager?.externalId,
    })),
  );

/**
 * Customers that do not exist yet, without their parents.
 *
 * @returns ids by external id; one that another transaction created meanwhile is not among them
 */
export async function insertCustomers(
  scope: Scope,
  customers: readonly CustomerState[],
): Promise<Map<string, string>> {
  if (customers.length === 0) return new Map();
  const rows = await scope.manager.query<{ id: string; external_id: string }[]>(
    `insert into customer (organisation_id, external_id, kind, name, country, region, zone, zone_source, locale,
                           preferred_medium, wishes, vip, address, account_manager_id)
     select $1, x."externalId", x.kind, x.name, x.country, x.region, x.zone, x."zoneSource", x.locale,
            x."preferredMedium", nullif(x.wishes, 'null'), x.vip, nullif(x.address, 'null'), ${MANAGER}
     from jsonb_to_recordset($2::jsonb) as x(${COLUMNS})
     order by x."externalId"
     on conflict (organisation_id, external_id) do nothing returning id, external_id`,
    [scope.organisationId, customersJson(customers)],
  );
  return new Map(rows.map((row) => [row.external_id, row.id]));
}

/** Everything of customers that exist, parents included: of new ones too, when their parents are stored. */
export async function updateCustomers(scope: Scope, customers: readonly CustomerState[]): Promise<void> {
  if (customers.length === 0) return;
  await scope.manager.query(
    `update customer c set kind = x.kind, name = x.name, country = x.country, region = x.region, zone = x.zone,
       zone_source = x."zoneSource", locale = x.locale, preferred_medium = x."preferredMedium",
       wishes = nullif(x.wishes, 'null'), vip = x.vip, address = nullif(x.address, 'null'), parent_id = ${PARENT}, account_manager_id = ${MANAGER}
     from jsonb_to_recordset($2::jsonb) as x(${COLUMNS})
     where c.organisation_id = $1 and c.external_id = x."externalId"`,
    [scope.organisationId, customersJson(customers)],
  );
}

/** People and their points, by customer: all of a customer's, retired ones included. */
export async function storePeople(
  scope: Scope,
  customers: readonly { id: string; people: CustomerState['people'] }[],
): Promise<void> {
  const people = customers.flatMap(({ id, people: list }) =>
    list.map((person) => ({ ...person, customerId: id })),
  );
  if (people.length === 0) return;
  await scope.manager.query(
    `with given as (
       select * from jsonb_to_recordset($2::jsonb) as x("customerId" uuid, "externalId" text, position int, roles jsonb,
         name text, "givenName" text, "familyName" text, patronymic text, salutation text, formality text, locale text,
         points jsonb)
     ), person as (
       insert into contact_person (organisation_id, customer_id, external_id, position, roles, name, given_name,
                                   family_name, patronymic, salutation, formality, locale)
       select $1, "customerId", "externalId", position, array(select jsonb_array_elements_text(roles)), name,
              "givenName", "familyName", patronymic, salutation, formality, locale from given
       on conflict (organisation_id, customer_id, external_id) do update
         set position = excluded.position, roles = excluded.roles, name = excluded.name,
             given_name = excluded.given_name, family_name = excluded.family_name, patronymic = excluded.patronymic,
             salutation = excluded.salutation, formality = excluded.formality, locale = excluded.locale
       returning id, customer_id, external_id
     )
     insert into contact_point (organisation_id, person_id, kind, value, normalised, position, status, reason)
     select $1, person.id, p.kind, p.value, p.normalised, p.position, p.status, p.reason
     from given join person on person.customer_id = given."customerId" and person.external_id = given."externalId",
       jsonb_to_recordset(given.points) as p(kind text, value text, normalised text, position int, status text,
         reason text)
     on conflict (organisation_id, person_id, kind, normalised) do update
       set value = excluded.value, position = excluded.position, status = excluded.status, reason = excluded.reason`,
    [scope.organisationId, JSON.stringify(people)],
  );
}
