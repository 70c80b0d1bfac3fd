import { formatInstant } from '#domain/instant.js';
import { ownWords } from '#replies/index.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import type { InboundRow } from './inbound-row.js';
import type { Match } from './match.js';

/** Of a thread, as much as somebody reads before they look at all of it. */
const SHOWN_MESSAGES = 20;
const SHOWN_CHARACTERS = 4_000;

/** Of one invoice at most: the one it answers, or the only one that is open. */
const OPEN = `
  insert into task (organisation_id, kind, customer_id, invoice_id, assignee, due_at, brief)
  select $1, 'reply', c.id, coalesce($3::uuid, (
      select min(i.id::text)::uuid from invoice i where i.organisation_id = $1 and i.customer_id = c.id and i.status = 'open'
      having count(*) = 1)), m.external_id, $4, jsonb_build_object('customer', c.name, 'locale', c.locale, 'zone', c.zone)
  from customer c
  left join account_manager m on m.organisation_id = c.organisation_id and m.id = c.account_manager_id
  where c.organisation_id = $1 and c.id = $2
  on conflict (organisation_id, customer_id) where state = 'open' and kind = 'reply' do nothing
  returning id`;

/** The thread in the order in which it was written, whichever message was applied first; the point is the last one's. */
const JOIN = `
  with joined as (
    select k.id, (
      select jsonb_agg(x.message order by x.message ->> 'at', x.message ->> 'id') from (
        select distinct on (e.message ->> 'id') e.message
        from jsonb_array_elements(coalesce(k.brief -> 'messages', '[]') || $3::jsonb) as e(message)) x) as messages
    from task k where k.organisation_id = $1 and k.customer_id = $2 and k.kind = 'reply' and k.state = 'open'
  )
  update task k set brief = k.brief || jsonb_build_object(
      'messages', coalesce(jsonb_path_query_array(j.messages, '$[last - ${SHOWN_MESSAGES - 1} to last]'), j.messages),
      'point', j.messages -> -1 -> 'point')
  from joined j where k.organisation_id = $1 and k.id = j.id`;

/**
 * Asks the customer's account manager to answer, at once: one open task a customer, which later messages join. Under the
 * customer's lock.
 */
export async function openReplyTask(scope: Scope, message: InboundRow, match: Match): Promise<void> {
  const { manager, organisationId, now } = scope;
  const [task] = await manager.query<{ id: string }[]>(OPEN, [
    organisationId,
    match.customerId,
    match.invoiceId,
    new Date(now),
  ]);
  await manager.query(JOIN, [organisationId, match.customerId, JSON.stringify([shown(message, match)])]);
  if (!task) return;
  await emit(scope, {
    type: 'task.created',
    subjectId: match.invoiceId ?? match.customerId,
    data: { taskId: task.id, kind: 'reply', dueAt: formatInstant(now) },
  });
}

const shown = ({ id, medium, sender, subject, text, effectiveAt }: InboundRow, { pointId }: Match) => ({
  id,
  at: effectiveAt.toISOString(),
  medium,
  from: sender,
  subject,
  // Their own words; all of it where it is nothing but a quotation.
  text: [...(ownWords(text) || text)].slice(0, SHOWN_CHARACTERS).join(''),
  point: pointId,
});
