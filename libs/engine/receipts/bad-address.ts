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

/** The message that told of it, and the invoice that it was about. */
export interface AddressCause {
  contactId?: string | null;
  invoiceId?: string | null;
}

/** Asks whoever looks after the customer of a message for an address that works. */
async function openAddressTask(scope: Scope, contactId: string): Promise<void> {
  const [contact] = await scope.manager.query<{ point_id: string; invoice_id: string | null }[]>(
    'select point_id, invoice_id from contact where organisation_id = $1 and id = $2',
    [scope.organisationId, contactId],
  );
  if (contact) await askForAddress(scope, contact.point_id, { contactId, invoiceId: contact.invoice_id });
}

/** Asks whoever looks after the customer who has it for another: one open task a customer and kind of address. */
export async function askForAddress(scope: Scope, pointId: string, cause: AddressCause = {}): Promise<void> {
  const [row] = await scope.manager.query<TaskRow[]>(
    `insert into task (organisation_id, kind, customer_id, invoice_id, enrolment_id, assignee, due_at, brief)
     select p.organisation_id, 'bad_address', c.id, $4, o.enrolment_id, m.external_id, $3, jsonb_strip_nulls(
       jsonb_build_object('contact', o.id, 'point', p.id, 'kind', p.kind, 'address', p.value))
     from contact_point p
     join contact_person q on q.organisation_id = p.organisation_id and q.id = p.person_id
     join customer c on c.organisation_id = q.organisation_id and c.id = q.customer_id
     left join account_manager m on m.organisation_id = c.organisation_id and m.id = c.account_manager_id
     left join contact o on o.organisation_id = p.organisation_id and o.id = $5
     where p.organisation_id = $1 and p.id = $2 and not exists (
       select from task k where k.organisation_id = $1 and k.customer_id = c.id and k.kind = 'bad_address'
         and k.state = 'open' and k.brief ->> 'kind' = p.kind)
     returning id, customer_id, invoice_id`,
    [scope.organisationId, pointId, new Date(scope.now), cause.invoiceId ?? null, cause.contactId ?? null],
  );
  if (!row) return;
  await emit(scope, {
    type: 'task.created',
    subjectId: row.invoice_id ?? row.customer_id,
    data: { taskId: row.id, kind: 'bad_address', dueAt: formatInstant(scope.now) },
  });
}
