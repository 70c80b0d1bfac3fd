import type { AllocationResource } from '#contracts/schemas/index.js';
import { formatAmount } from '#domain/money.js';
import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';

/** An allocation as JSON; the amount in minor units, times as PostgreSQL writes them in JSON. */
export interface AllocationJson extends Omit<AllocationResource, 'amount'> {
  amount: number;
  currency: string;
}

const AS_JSON = `json_build_object('id', a.id, 'paymentExternalId', ay.external_id, 'creditNoteExternalId', an.external_id,
  'invoiceExternalId', ai.external_id, 'part', ap.sequence, 'amount', a.amount_minor, 'currency', ai.currency,
  'effectiveAt', a.effective_at, 'reversedAt', a.reversed_at)`;

const FROM = `allocation a
  join invoice ai on ai.organisation_id = a.organisation_id and ai.id = a.invoice_id
  join invoice_part ap on ap.organisation_id = a.organisation_id and ap.id = a.part_id
  left join payment ay on ay.organisation_id = a.organisation_id and ay.id = a.payment_id
  left join credit_note an on an.organisation_id = a.organisation_id and an.id = a.credit_note_id`;

/** A JSON array of allocations in the order they were made; the condition follows. */
export const ALLOCATIONS_OF = `select coalesce(json_agg(${AS_JSON} order by a.id), '[]') from ${FROM}
  where`;

export const allocationView = ({ amount, currency, ...rest }: AllocationJson): AllocationResource => ({
  ...rest,
  amount: formatAmount(amount, currency),
  effectiveAt: instantText(new Date(rest.effectiveAt)),
  reversedAt: rest.reversedAt === null ? null : instantText(new Date(rest.reversedAt)),
});

interface AllocationRow {
  allocation: AllocationJson;
}

export const getAllocation = async (scope: Scope, id: string): Promise<AllocationResource> => {
  const [row] = await scope.manager.query<AllocationRow[]>(
    `select ${AS_JSON} as allocation from ${FROM} where a.organisation_id = $1 and a.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Allocation ${id} is gone.`);
  return allocationView(row.allocation);
};

export interface AllocationFilter extends PageQuery {
  invoice?: string | undefined;
  payment?: string | undefined;
  creditNote?: string | undefined;
}

export const listAllocations = async (
  scope: Scope,
  filter: AllocationFilter,
): Promise<Page<AllocationResource>> =>
  listPage<AllocationRow, AllocationResource>(
    scope,
    {
      columns: `${AS_JSON} as allocation`,
      from: FROM,
      where: [
        ['a.organisation_id = ?', scope.organisationId],
        ['a.invoice_id = ?', await optionalIdOf(scope, 'invoice', filter.invoice)],
        ['a.payment_id = ?', await optionalIdOf(scope, 'payment', filter.payment)],
        ['a.credit_note_id = ?', await optionalIdOf(scope, 'credit_note', filter.creditNote)],
      ],
      sort: { by: 'a.recorded_at', type: 'timestamptz' },
      id: 'a.id',
      view: ({ allocation }) => allocationView(allocation),
    },
    filter,
  );
