import { formatInstant } from '#domain/instant.js';
import { type MessageMedium, POINT_OF } from '#domain/medium.js';
import { suppress } from '../facts/suppressions.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';

/** A message that shows that its address is not to be used any more. */
export interface BadAddress {
  contactId: string;
  medium: MessageMedium;
  address: string;
  reason: string;
  evidence?: Record<string, unknown>;
  /** Whether somebody should look for another: not where its owner refused. */
  isAskedFor: boolean;
}

/**
 * Suppresses an address that a message showed to be bad, for all who have it, and asks for another. A number that takes no SMS may
 * still be called: of a number only the medium is barred.
 */
export async function suppressAddress(scope: Scope, bad: BadAddress): Promise<void> {
  const { contactId, medium, address: value, reason, evidence } = bad;
  const kind = POINT_OF[medium];
  const written = await suppress(scope, {
    kind,
    value,
    ...(kind === 'phone' ? { medium } : {}),
    reason,
    evidence: { contact: contactId, ...evidence },
  });
  const isNew = 'result' in written && written.result === 'created';
  if (isNew && bad.isAskedFor) await openAddressTask(scope, contactId);
}

interface TaskRow {
  id: string;
  customer_id: string;
  invoice_id: string | null;
}

/** Asks whoever looks after the customer for an address that works: one open task a customer and kind of address. */
async function openAddressTask(scope: Scope, contactId: string): Promise<void> {
  const [row] = await scope.manager.query<TaskRow[]>(
    `insert into task (organisation_id, kind, customer_id, invoice_id, enrolment_id, assignee, due_at, brief)
     select o.organisation_id, 'bad_address', o.customer_id, o.invoice_id, o.enrolment_id, m.external_id, $3,
       jsonb_build_object('contact', o.id, 'point', p.id, 'kind', p.kind, 'address', p.value)
     from contact o
     join contact_point p on p.organisation_id = o.organisation_id and p.id = o.point_id
     join customer c on c.organisation_id = o.organisation_id and c.id = o.customer_id
     left join account_manager m on m.organisation_id = c.organisation_id and m.id = c.account_manager_id
     where o.organisation_id = $1 and o.id = $2 and not exists (
       select from task k where k.organisation_id = $1 and k.customer_id = o.customer_id and k.kind = 'bad_address'
         and k.state = 'open' and k.brief ->> 'kind' = p.kind)
     returning id, customer_id, invoice_id`,
    [scope.organisationId, contactId, new Date(scope.now)],
  );
  if (!row) return;
  await emit(scope, {
    type: 'task.created',
    subjectId: row.invoice_id ?? row.customer_id,
    data: { taskId: row.id, kind: 'bad_address', dueAt: formatInstant(scope.now) },
  });
}
