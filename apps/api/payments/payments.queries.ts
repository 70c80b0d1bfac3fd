import type { PaymentResource } from '#contracts/schemas/index.js';
import { formatAmount } from '#domain/money.js';
import type { Scope } from '#engine/scope.js';
import { ALLOCATIONS_OF, allocationView } from '../allocations/allocations.queries.js';
import type { AllocationJson } from '../allocations/allocations.queries.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';

interface PaymentRow {
  id: string;
  external_id: string;
  customer_id: string;
  customer_external_id: string;
  amount_minor: number;
  currency: string;
  status: PaymentResource['status'];
  is_kept: boolean;
  method: string | null;
  reference: string | null;
  effective_at: Date;
  recorded_at: Date;
  reversed_at: Date | null;
  reversal_reason: string | null;
  reversal_kind: PaymentResource['reversalKind'];
  allocations: AllocationJson[];
}

const COLUMNS = `y.id, y.external_id, y.customer_id, c.external_id as customer_external_id, y.amount_minor, y.currency,
  y.status, y.kept_at is not null as is_kept, y.method, y.reference, y.effective_at, y.recorded_at, y.reversed_at, y.reversal_reason, y.reversal_kind,
  (${ALLOCATIONS_OF} a.organisation_id = y.organisation_id and a.payment_id = y.id) as allocations`;

const FROM = 'payment y join customer c on c.organisation_id = y.organisation_id and c.id = y.customer_id';

/** Of a reversed payment nothing is left to allocate. */
const unallocated = ({ status, amount_minor: amount, allocations }: PaymentRow): number =>
  status === 'reversed'
    ? 0
    : allocations
        .filter(({ reversedAt }) => reversedAt === null)
        .reduce((left, { amount: part }) => left - part, amount);

const view = (row: PaymentRow): PaymentResource => ({
  id: row.id,
  externalId: row.external_id,
  customerId: row.customer_id,
  customerExternalId: row.customer_external_id,
  amount: formatAmount(row.amount_minor, row.currency),
  unallocated: formatAmount(unallocated(row), row.currency),
  currency: row.currency,
  keptAsCredit: row.is_kept,
  status: row.status,
  method: row.method,
  reference: row.reference,
  effectiveAt: instantText(row.effective_at),
  recordedAt: instantText(row.recorded_at),
  reversedAt: instantTextOrNull(row.reversed_at),
  reversalReason: row.reversal_reason,
  reversalKind: row.reversal_kind,
  allocations: row.allocations.map(allocationView),
});

export const getPayment = async (scope: Scope, id: string): Promise<PaymentResource> => {
  const [row] = await scope.manager.query<PaymentRow[]>(
    `select ${COLUMNS} from ${FROM} where y.organisation_id = $1 and y.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Payment ${id} is gone.`);
  return view(row);
};

export interface PaymentFilter extends PageQuery {
  customer?: string | undefined;
  status?: PaymentResource['status'] | undefined;
}

export const listPayments = async (scope: Scope, filter: PaymentFilter): Promise<Page<PaymentResource>> =>
  listPage<PaymentRow, PaymentResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['y.organisation_id = ?', scope.organisationId],
        ['y.customer_id = ?', await optionalIdOf(scope, 'customer', filter.customer)],
        ['y.status = ?', filter.status],
      ],
      sort: { by: 'y.effective_at', type: 'timestamptz' },
      id: 'y.id',
      view,
    },
    filter,
  );
