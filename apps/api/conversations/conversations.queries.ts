import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage, type Page } from '../common/pagination.js';
import { idOf } from '../common/reference.js';
import type { ConversationEntry, ConversationQuery } from './conversations.schemas.js';

type Row = Omit<ConversationEntry, 'at'> & { at: Date };

/** What went out and what came in, with the same columns. */
const MESSAGES = `(
  select o.organisation_id, o.customer_id, o.id, 'out' as direction, o.medium, o.decided_at as at,
    coalesce(o.snapshot -> 'to' ->> 'address', '') as address, o.snapshot ->> 'subject' as subject,
    coalesce(o.snapshot ->> 'text', '') as text, o.invoice_id,
    coalesce(o.thread, o.customer_id || '/' || o.medium) as thread, o.kind, o.state, o.delivery,
    null as reading, null::uuid as answers, null::date as returns_on, '[]'::jsonb as attachments
  from contact o
  union all
  select m.organisation_id, m.customer_id, m.id, 'in', m.medium, m.effective_at, m.sender, m.subject, m.body, m.invoice_id,
    m.thread, null, null, null, m.reading, m.contact_id, m.returns_on, m.attachments
  from inbound_message m
) k left join invoice i on i.organisation_id = k.organisation_id and i.id = k.invoice_id`;

const COLUMNS = `k.id, k.direction, k.medium, k.at, k.address, k.subject, k.text, i.external_id as "invoiceExternalId",
  k.thread, k.kind, k.state, k.delivery, k.reading, k.answers, k.returns_on as "returnsOn", k.attachments`;

const view = ({ id, direction, medium, at, ...row }: Row): ConversationEntry => ({
  id,
  direction,
  medium,
  at: instantText(at),
  address: row.address,
  subject: row.subject,
  text: row.text,
  invoiceExternalId: row.invoiceExternalId,
  thread: row.thread,
  kind: row.kind,
  state: row.state,
  delivery: row.delivery,
  reading: row.reading,
  answers: row.answers,
  returnsOn: row.returnsOn,
  attachments: row.attachments,
});

/** In the order in which it was said. */
export const readConversation = async (
  scope: Scope,
  customer: string,
  query: ConversationQuery,
): Promise<Page<ConversationEntry>> =>
  listPage<Row, ConversationEntry>(
    scope,
    {
      columns: COLUMNS,
      from: MESSAGES,
      where: [
        ['k.organisation_id = ?', scope.organisationId],
        ['k.customer_id = ?', await idOf(scope, 'customer', customer)],
        ['k.medium = ?', query.medium],
      ],
      sort: { by: 'k.at', type: 'timestamptz' },
      id: 'k.id',
      view,
    },
    query,
  );
