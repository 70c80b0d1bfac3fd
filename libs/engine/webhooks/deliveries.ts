import type { Scope } from '../scope.js';
import { wake } from './endpoints.js';
import type { WebhookEventType } from './events.js';

export interface DeliveryView {
  id: string;
  endpointId: string;
  subjectId: string;
  type: WebhookEventType;
  state: 'waiting' | 'delivered' | 'failed';
  tries: number;
  /** `http_503`, `timeout`, `ECONNREFUSED`; null before the first try. */
  lastStatus: string | null;
  data: Record<string, unknown>;
  effectiveAt: Date;
  recordedAt: Date;
  deliveredAt: Date | null;
}

/** What makes a {@link DeliveryView}. */
export const DELIVERY_COLUMNS = `id, endpoint_id as "endpointId", subject_id as "subjectId", event_type as type, state, tries,
  last_status as "lastStatus", payload as data, effective_at as "effectiveAt", recorded_at as "recordedAt",
  delivered_at as "deliveredAt"`;

/**
 * Sends an event once more, with the id it had, so that a receiver that did take it can tell.
 * @returns null when there is no such delivery
 */
export async function replayDelivery(
  scope: Scope,
  endpointId: string,
  id: string,
): Promise<DeliveryView | null> {
  const [row] = await scope.manager.query<DeliveryView[]>(
    `with replayed as (
       update webhook_delivery set state = 'waiting', tries = 0, delivered_at = null
       where organisation_id = $1 and endpoint_id = $2 and id = $3 returning *)
     select ${DELIVERY_COLUMNS} from replayed`,
    [scope.organisationId, endpointId, id],
  );
  if (row) await wake(scope, endpointId, row.subjectId);
  return row ?? null;
}
