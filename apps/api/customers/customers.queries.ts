import type { CustomerResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { customersOf } from '#engine/segments/index.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { containing, listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';
import { getSegment } from '../segments/segments.queries.js';

interface CustomerRow {
  id: string;
  external_id: string;
  kind: CustomerResource['kind'];
  name: string;
  country: string | null;
  region: string | null;
  zone: string;
  zone_source: CustomerResource['zoneSource'];
  locale: string;
  preferred_medium: CustomerResource['preferredMedium'];
  wishes: CustomerResource['wishes'];
  vip: boolean;
  address: CustomerResource['address'];
  parent_external_id: string | null;
  account_manager: CustomerResource['accountManager'];
  people: CustomerResource['people'];
  erased_at: Date | null;
  recorded_at: Date;
}

const POINTS = `
  select coalesce(json_agg(json_build_object('id', t.id, 'kind', t.kind, 'value', t.value, 'status', t.status,
                                             'reason', t.reason) order by t.kind, t.position, t.id), '[]')
  from contact_point t where t.organisation_id = p.organisation_id and t.person_id = p.id`;

const PEOPLE = `
  select coalesce(json_agg(json_build_object('id', p.id, 'externalId', p.external_id, 'roles', p.roles, 'name', p.name,
           'givenName', p.given_name, 'familyName', p.family_name, 'patronymic', p.patronymic,
           'salutation', p.salutation, 'formality', p.formality, 'locale', p.locale, 'points', (${POINTS}))
         order by p.position, p.id), '[]')
  from contact_person p where p.organisation_id = c.organisation_id and p.customer_id = c.id`;

const MANAGER = `
  select json_build_object('externalId', m.external_id, 'name', m.name, 'email', m.email, 'phone', m.phone)
  from account_manager m where m.organisation_id = c.organisation_id and m.id = c.account_manager_id`;

const PARENT = `
  select a.external_id from customer a where a.organisation_id = c.organisation_id and a.id = c.parent_id`;

const COLUMNS = `c.id, c.external_id, c.kind, c.name, c.country, c.region, c.zone, c.zone_source, c.locale,
  c.preferred_medium, c.wishes, c.vip, c.address, c.erased_at, c.recorded_at, (${PARENT}) as parent_external_id, (${MANAGER}) as account_manager,
  (${PEOPLE}) as people`;

const view = (row: CustomerRow): CustomerResource => ({
  id: row.id,
  externalId: row.external_id,
  kind: row.kind,
  name: row.name,
  country: row.country,
  region: row.region,
  zone: row.zone,
  zoneSource: row.zone_source,
  locale: row.locale,
  preferredMedium: row.preferred_medium,
  wishes: row.wishes,
  vip: row.vip,
  address: row.address,
  parentExternalId: row.parent_external_id,
  accountManager: row.account_manager,
  people: row.people,
  erasedAt: instantTextOrNull(row.erased_at),
  recordedAt: instantText(row.recorded_at),
});

export const getCustomer = async (scope: Scope, id: string): Promise<CustomerResource> => {
  const [row] = await scope.manager.query<CustomerRow[]>(
    `select ${COLUMNS} from customer c where c.organisation_id = $1 and c.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Customer ${id} is gone.`);
  return view(row);
};

export interface CustomerFilter extends PageQuery {
  kind?: CustomerResource['kind'] | undefined;
  country?: string | undefined;
  parent?: string | undefined;
  segment?: string | undefined;
  search?: string | undefined;
}

/** Ids of all who are in a segment now; undefined where none is asked for. */
const membersOf = async (scope: Scope, segment: string | undefined): Promise<string[] | undefined> => {
  const id = await optionalIdOf(scope, 'segment', segment);
  if (id === undefined) return undefined;
  const { filter } = await getSegment(scope, id);
  return (await customersOf(scope, filter)).ids;
};

export const listCustomers = async (
  scope: Scope,
  filter: CustomerFilter,
): Promise<Page<CustomerResource>> => {
  const search = filter.search === undefined ? undefined : containing(filter.search);
  return listPage<CustomerRow, CustomerResource>(
    scope,
    {
      columns: COLUMNS,
      from: 'customer c',
      where: [
        ['c.organisation_id = ?', scope.organisationId],
        ['c.kind = ?', filter.kind],
        ['c.country = ?', filter.country],
        ['c.parent_id = ?', await optionalIdOf(scope, 'customer', filter.parent)],
        ['(c.name ilike ? or c.external_id ilike ?)', search, search],
        ['c.id = any (?::uuid[])', await membersOf(scope, filter.segment)],
      ],
      sort: { by: 'c.recorded_at', type: 'timestamptz' },
      id: 'c.id',
      view,
    },
    filter,
  );
};
