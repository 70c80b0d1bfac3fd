import type { ConsentResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';

interface ConsentRow {
  id: string;
  customer_external_id: string;
  medium: ConsentResource['medium'];
  purpose: string;
  address: string | null;
  state: ConsentResource['state'];
  evidence: ConsentResource['evidence'];
  effective_at: Date;
  recorded_at: Date;
}

const COLUMNS = `n.id, c.external_id as customer_external_id, n.medium, n.purpose, t.value as address, n.state, n.evidence,
  n.effective_at, n.recorded_at`;

const FROM = `consent n
  join customer c on c.organisation_id = n.organisation_id and c.id = n.customer_id
  left join contact_point t on t.organisation_id = n.organisation_id and t.id = n.point_id`;

const view = (row: ConsentRow): ConsentResource => ({
  id: row.id,
  customerExternalId: row.customer_external_id,
  medium: row.medium,
  purpose: row.purpose,
  address: row.address,
  state: row.state,
  evidence: row.evidence,
  effectiveAt: instantText(row.effective_at),
  recordedAt: instantText(row.recorded_at),
});

export const getConsent = async (scope: Scope, id: string): Promise<ConsentResource> => {
  const [row] = await scope.manager.query<ConsentRow[]>(
    `select ${COLUMNS} from ${FROM} where n.organisation_id = $1 and n.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Consent ${id} is gone.`);
  return view(row);
};

export interface ConsentFilter extends PageQuery {
  customer?: string | undefined;
  medium?: ConsentResource['medium'] | undefined;
  state?: ConsentResource['state'] | undefined;
}

export const listConsents = async (scope: Scope, filter: ConsentFilter): Promise<Page<ConsentResource>> =>
  listPage<ConsentRow, ConsentResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['n.organisation_id = ?', scope.organisationId],
        ['n.customer_id = ?', await optionalIdOf(scope, 'customer', filter.customer)],
        ['n.medium = ?', filter.medium],
        ['n.state = ?', filter.state],
      ],
      sort: { by: 'n.recorded_at', type: 'timestamptz' },
      id: 'n.id',
      view,
    },
    filter,
  );
