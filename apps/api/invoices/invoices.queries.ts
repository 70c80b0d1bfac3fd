import type { InvoiceResource } from '#contracts/schemas/index.js';
import { formatAmount } from '#domain/money.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';

interface PartRow {
  sequence: number;
  amount: number;
  paid: number;
  pending: number;
  dueOn: string | null;
  milestone: string | null;
  dueAfter: string | null;
  completedAt: string | null;
}

interface InvoiceRow {
  id: string;
  external_id: string;
  number: string;
  customer_id: string;
  customer_external_id: string;
  creditor_external_id: string;
  kind: string;
  net_minor: number;
  tax_minor: number;
  total_minor: number;
  currency: string;
  issued_on: string;
  due_on: string;
  status: InvoiceResource['status'];
  settled_at: Date | null;
  parts: PartRow[];
  recorded_at: Date;
}

/** What is allocated to a part: by money on the books, and by money that is announced only. Minor units. */
const ALLOCATED = `
  select coalesce(sum(a.amount_minor) filter (where y.status is distinct from 'pending'), 0) as paid,
         coalesce(sum(a.amount_minor) filter (where y.status = 'pending'), 0) as pending
  from allocation a left join payment y on y.organisation_id = a.organisation_id and y.id = a.payment_id
  where a.organisation_id = p.organisation_id and a.part_id = p.id and a.reversed_at is null`;

const PARTS = `
  select json_agg(json_build_object('sequence', p.sequence, 'amount', p.amount_minor, 'paid', s.paid,
           'pending', s.pending, 'dueOn', p.due_on, 'milestone', p.milestone, 'dueAfter', p.due_after, 'completedAt', p.completed_at)
         order by p.sequence)
  from invoice_part p, lateral (${ALLOCATED}) s
  where p.organisation_id = i.organisation_id and p.invoice_id = i.id`;

const COLUMNS = `i.id, i.external_id, i.number, i.customer_id, c.external_id as customer_external_id,
  d.external_id as creditor_external_id, i.kind, i.net_minor, i.tax_minor, i.total_minor, i.currency, i.issued_on,
  i.due_on, i.status, i.settled_at, i.recorded_at, (${PARTS}) as parts`;

const FROM = `invoice i
  join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
  join creditor d on d.organisation_id = i.organisation_id and d.id = i.creditor_id`;

const partView = (part: PartRow, currency: string): InvoiceResource['parts'][number] => ({
  sequence: part.sequence,
  amount: formatAmount(part.amount, currency),
  paid: formatAmount(part.paid, currency),
  dueOn: part.dueOn,
  milestone: part.milestone,
  dueAfter: part.dueAfter,
  completedAt: part.completedAt === null ? null : instantText(new Date(part.completedAt)),
});

const balanceView = ({ parts, total_minor: total, currency }: InvoiceRow): InvoiceResource['balance'] => {
  const paid = parts.reduce((sum, part) => sum + part.paid, 0);
  const pending = parts.reduce((sum, part) => sum + part.pending, 0);
  return {
    total: formatAmount(total, currency),
    paid: formatAmount(paid, currency),
    pending: formatAmount(pending, currency),
    open: formatAmount(total - paid, currency),
  };
};

const view = (row: InvoiceRow): InvoiceResource => ({
  id: row.id,
  externalId: row.external_id,
  number: row.number,
  customerId: row.customer_id,
  customerExternalId: row.customer_external_id,
  creditorExternalId: row.creditor_external_id,
  kind: row.kind,
  net: formatAmount(row.net_minor, row.currency),
  tax: formatAmount(row.tax_minor, row.currency),
  total: formatAmount(row.total_minor, row.currency),
  currency: row.currency,
  issuedOn: row.issued_on,
  dueOn: row.due_on,
  status: row.status,
  settledAt: instantTextOrNull(row.settled_at),
  balance: balanceView(row),
  parts: row.parts.map((part) => partView(part, row.currency)),
  recordedAt: instantText(row.recorded_at),
});

export const getInvoice = async (scope: Scope, id: string): Promise<InvoiceResource> => {
  const [row] = await scope.manager.query<InvoiceRow[]>(
    `select ${COLUMNS} from ${FROM} where i.organisation_id = $1 and i.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Invoice ${id} is gone.`);
  return view(row);
};

export interface InvoiceFilter extends PageQuery {
  customer?: string | undefined;
  status?: InvoiceResource['status'] | undefined;
  currency?: string | undefined;
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
  overdue?: boolean | undefined;
}

/** Overdue is an open invoice whose due date is over in its customer's zone, by the organisation's clock. */
export const listInvoices = async (scope: Scope, filter: InvoiceFilter): Promise<Page<InvoiceResource>> => {
  const today = filter.overdue === undefined ? undefined : new Date(scope.now);
  return listPage<InvoiceRow, InvoiceResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['i.organisation_id = ?', scope.organisationId],
        ['i.customer_id = ?', await optionalIdOf(scope, 'customer', filter.customer)],
        ['i.status = ?', filter.status],
        ['i.currency = ?', filter.currency],
        ['i.due_on >= ?', filter.dueFrom],
        ['i.due_on <= ?', filter.dueTo],
        [
          `(i.status = 'open' and i.due_on < (?::timestamptz at time zone c.zone)::date) = ?`,
          today,
          filter.overdue,
        ],
      ],
      sort: { by: 'i.due_on', type: 'date' },
      id: 'i.id',
      view,
    },
    filter,
  );
};
