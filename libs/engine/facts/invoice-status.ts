import type { Refused, Written } from '#contracts/schemas/index.js';
import { type InvoiceEvent, type InvoiceState, invoiceMachine, transition } from '#domain/transitions.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { audit } from './audit.js';
import { type Ref, findInvoice, nameOf } from './find.js';
import { emitStatus, refreshStatus } from './ledger.js';
import { reverseAllocations } from './payment-reversal.js';
import { refused } from './refusal.js';
import { followUnapplied } from './unapplied.js';

export interface Why {
  reason?: string | undefined;
}

/** The invoice was wrong: it is owed no more, and money allocated to it is the customer's again. */
export const cancelInvoice = (scope: Scope, ref: Ref, why: Why = {}): Promise<Written | Refused> =>
  changeStatus(scope, ref, 'cancel', 'invoice.cancelled', why, (id) =>
    reverseAllocations(scope, 'invoice_id = $3', id),
  );

/** What is still open is given up; what was paid stays paid. */
export const writeOffInvoice = (scope: Scope, ref: Ref, why: Why = {}): Promise<Written | Refused> =>
  changeStatus(scope, ref, 'write_off', 'invoice.written_off', why);

/** A written-off invoice is owed again. */
export const reinstateInvoice = (scope: Scope, ref: Ref, why: Why = {}): Promise<Written | Refused> =>
  changeStatus(scope, ref, 'reinstate', 'invoice.reinstated', why, async (id) => {
    await emitStatus(scope, [{ id, status: 'open' }]);
    await refreshStatus(scope, [id], scope.now);
  });

async function changeStatus(
  scope: Scope,
  ref: Ref,
  event: InvoiceEvent,
  action: string,
  { reason }: Why,
  after: (invoiceId: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Written | Refused> {
  const invoice = await findInvoice(scope, ref);
  if (!invoice) return refused(nameOf(ref), 'unknown_invoice', 'id', 'is no invoice; correct the id');
  const { id, externalId, customerId } = invoice;
  await lockCustomer(scope, customerId);
  const next = transition(invoiceMachine, await statusOf(scope, id), event);
  if (!next.ok) return refused(externalId, 'wrong_state', 'status', next.reason);
  await scope.manager.query('update invoice set status = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    id,
    next.to,
  ]);
  await after(id);
  await audit(scope, [{ action, subjectType: 'invoice', subjectId: id, detail: { reason } }]);
  await followUnapplied(scope, [customerId]);
  await announceFacts(scope, { customerId });
  return { id, externalId, result: 'updated' };
}

async function statusOf(scope: Scope, id: string): Promise<InvoiceState> {
  const [row] = await scope.manager.query<{ status: InvoiceState }[]>(
    'select status from invoice where organisation_id = $1 and id = $2',
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Invoice ${id} vanished under the lock of its customer.`);
  return row.status;
}
