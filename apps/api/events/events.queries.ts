import type { InvoiceEventResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';

interface EventRow {
  id: string;
  invoice_external_id: string;
  kind: InvoiceEventResource['kind'];
  sequence: number;
  evidence: InvoiceEventResource['evidence'];
  effective_at: Date;
  recorded_at: Date;
}

const COLUMNS =
  'e.id, i.external_id as invoice_external_id, e.kind, e.sequence, e.evidence, e.effective_at, e.recorded_at';

const FROM =
  'invoice_event e join invoice i on i.organisation_id = e.organisation_id and i.id = e.invoice_id';

const view = (row: EventRow): InvoiceEventResource => ({
  id: row.id,
  invoiceExternalId: row.invoice_external_id,
  kind: row.kind,
  sequence: row.sequence,
  evidence: row.evidence,
  effectiveAt: instantText(row.effective_at),
  recordedAt: instantText(row.recorded_at),
});

export const getEvent = async (scope: Scope, id: string): Promise<InvoiceEventResource> => {
  const [row] = await scope.manager.query<EventRow[]>(
    `select ${COLUMNS} from ${FROM} where e.organisation_id = $1 and e.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Event ${id} is gone.`);
  return view(row);
};

export interface EventFilter extends PageQuery {
  invoice?: string | undefined;
  kind?: InvoiceEventResource['kind'] | undefined;
}

export const listEvents = async (scope: Scope, filter: EventFilter): Promise<Page<InvoiceEventResource>> =>
  listPage<EventRow, InvoiceEventResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['e.organisation_id = ?', scope.organisationId],
        ['e.invoice_id = ?', await optionalIdOf(scope, 'invoice', filter.invoice)],
        ['e.kind = ?', filter.kind],
      ],
      sort: { by: 'e.recorded_at', type: 'timestamptz' },
      id: 'e.id',
      view,
    },
    filter,
  );
