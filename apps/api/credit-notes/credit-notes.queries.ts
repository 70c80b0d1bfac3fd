import type { CreditNoteResource } from '#contracts/schemas/index.js';
import { formatAmount } from '#domain/money.js';
import type { Scope } from '#engine/scope.js';
import { ALLOCATIONS_OF, allocationView } from '../allocations/allocations.queries.js';
import type { AllocationJson } from '../allocations/allocations.queries.js';
import { instantText } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';

interface CreditNoteRow {
  id: string;
  external_id: string;
  customer_external_id: string;
  amount_minor: number;
  currency: string;
  reason: string | null;
  is_kept: boolean;
  effective_at: Date;
  recorded_at: Date;
  allocations: AllocationJson[];
}

const COLUMNS = `n.id, n.external_id, c.external_id as customer_external_id, n.amount_minor, n.currency, n.reason,
  n.kept_at is not null as is_kept,
  n.effective_at, n.recorded_at, (${ALLOCATIONS_OF} a.organisation_id = n.organisation_id and a.credit_note_id = n.id) as allocations`;

const FROM =
  'credit_note n join customer c on c.organisation_id = n.organisation_id and c.id = n.customer_id';

const unallocated = ({ amount_minor: amount, allocations }: CreditNoteRow): number =>
  allocations
    .filter(({ reversedAt }) => reversedAt === null)
    .reduce((left, { amount: part }) => left - part, amount);

const view = (row: CreditNoteRow): CreditNoteResource => ({
  id: row.id,
  externalId: row.external_id,
  customerExternalId: row.customer_external_id,
  amount: formatAmount(row.amount_minor, row.currency),
  unallocated: formatAmount(unallocated(row), row.currency),
  keptAsCredit: row.is_kept,
  currency: row.currency,
  reason: row.reason,
  effectiveAt: instantText(row.effective_at),
  recordedAt: instantText(row.recorded_at),
  allocations: row.allocations.map(allocationView),
});

export const getCreditNote = async (scope: Scope, id: string): Promise<CreditNoteResource> => {
  const [row] = await scope.manager.query<CreditNoteRow[]>(
    `select ${COLUMNS} from ${FROM} where n.organisation_id = $1 and n.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Credit note ${id} is gone.`);
  return view(row);
};

export interface CreditNoteFilter extends PageQuery {
  customer?: string | undefined;
}

export const listCreditNotes = async (
  scope: Scope,
  filter: CreditNoteFilter,
): Promise<Page<CreditNoteResource>> =>
  listPage<CreditNoteRow, CreditNoteResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['n.organisation_id = ?', scope.organisationId],
        ['n.customer_id = ?', await optionalIdOf(scope, 'customer', filter.customer)],
      ],
      sort: { by: 'n.effective_at', type: 'timestamptz' },
      id: 'n.id',
      view,
    },
    filter,
  );
