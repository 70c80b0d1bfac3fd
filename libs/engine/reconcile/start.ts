import { CONTACT_RECONCILIATION, reconcileWorkflowId } from '#contracts/engine.js';
import { OUTBOX_CHANNEL } from '../announce.js';
import type { Scope } from '../scope.js';

/**
 * Has somebody look what became of a message, in the transaction that stores that nobody knows.
 *
 * @param looksMs waits before each look, where the installation has its own
 */
export async function startReconciliation(
  { manager, organisationId }: Scope,
  contactId: string,
  looksMs?: readonly number[],
): Promise<void> {
  await manager.query(
    `with told as (
       insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
       values ($1, $2, '${CONTACT_RECONCILIATION}', $3, 1)
       on conflict (organisation_id, workflow_id) do nothing returning 1
     )
     select count(pg_notify('${OUTBOX_CHANNEL}', '')) from told`,
    [
      organisationId,
      reconcileWorkflowId(organisationId, contactId),
      JSON.stringify({ organisationId, contactId, looksMs }),
    ],
  );
}
