import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage, type Page } from '../common/pagination.js';
import { idOf, notFound, optionalIdOf } from '../common/reference.js';
import type { InboundQuery, InboundResource } from './conversations.schemas.js';

type Row = Omit<InboundResource, 'effectiveAt' | 'recordedAt'> & { effectiveAt: Date; recordedAt: Date };

const COLUMNS = `m.id, m.medium, m.sender as "from", m.sender_name as "fromName", m.recipients as "to", m.subject,
  m.body as text, m.attachments, m.reading, m.returns_on as "returnsOn", m.customer_id as "customerId",
  c.external_id as "customerExternalId", m.matched_by as "matchedBy", i.external_id as "invoiceExternalId",
  m.effective_at as "effectiveAt", m.recorded_at as "recordedAt"`;

const FROM = `inbound_message m
  left join customer c on c.organisation_id = m.organisation_id and c.id = m.customer_id
  left join invoice i on i.organisation_id = m.organisation_id and i.id = m.invoice_id`;

const view = ({ effectiveAt, recordedAt, ...row }: Row): InboundResource => ({
  id: row.id,
  medium: row.medium,
  from: row.from,
  fromName: row.fromName,
  to: row.to,
  subject: row.subject,
  text: row.text,
  attachments: row.attachments,
  reading: row.reading,
  returnsOn: row.returnsOn,
  customerId: row.customerId,
  customerExternalId: row.customerExternalId,
  matchedBy: row.matchedBy,
  invoiceExternalId: row.invoiceExternalId,
  effectiveAt: instantText(effectiveAt),
  recordedAt: instantText(recordedAt),
});

/** Oldest first: what has waited longest is looked at first. */
export const listInbound = async (scope: Scope, query: InboundQuery): Promise<Page<InboundResource>> =>
  listPage<Row, InboundResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['m.organisation_id = ?', scope.organisationId],
        [`m.kind = 'message'`],
        ['(m.customer_id is not null) = ?', query.matched],
        ['m.medium = ?', query.medium],
        ['m.reading = ?', query.reading],
        ['m.customer_id = ?', await optionalIdOf(scope, 'customer', query.customer)],
      ],
      sort: { by: 'm.effective_at', type: 'timestamptz' },
      id: 'm.id',
      view,
    },
    query,
  );

export const getInbound = async (scope: Scope, reference: string): Promise<InboundResource> => {
  const [row] = await scope.manager.query<Row[]>(
    `select ${COLUMNS} from ${FROM} where m.organisation_id = $1 and m.id = $2`,
    [scope.organisationId, await idOf(scope, 'inbound_message', reference)],
  );
  if (!row) throw notFound('inbound_message', reference);
  return view(row);
};
