import { WEBHOOK_DELIVERY } from '#contracts/engine.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';
import { OUTBOX_CHANNEL } from '../announce.js';
import type { Scope } from '../scope.js';
import type { WebhookEvent } from './events.js';

/**
 * A row for each endpoint that listens to the event, and an outbox row that wakes its workflow. A paused endpoint
 * collects what it misses. The outbox version rises with every event, so that the relay never takes a newer one for
 * delivered.
 */
const EMIT: Prepared = {
  name: 'emit-webhook',
  text: `
  with listening as (
    select id, state from webhook_endpoint
    where organisation_id = $1 and (event_types = '{}' or $2 = any (event_types))
  ), written as (
    insert into webhook_delivery (organisation_id, endpoint_id, subject_id, event_type, payload, effective_at)
    select $1, l.id, $3, $2, jsonb_strip_nulls(jsonb_build_object(
             'invoiceId', i.id, 'invoiceExternalId', i.external_id,
             'customerId', c.id, 'customerExternalId', c.external_id)) || $4::jsonb, $5
    from listening l
    left join invoice i on i.organisation_id = $1 and i.id = $3
    left join customer c on c.organisation_id = $1 and c.id = coalesce(i.customer_id, $3)
    returning endpoint_id, sequence
  ), told as (
    insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
    select $1, 'webhook/' || $1 || '/' || w.endpoint_id || '/' || $3, '${WEBHOOK_DELIVERY}',
           jsonb_build_object('organisationId', $1, 'endpointId', w.endpoint_id, 'subjectId', $3),
           (w.sequence % 2147483647)::int
    from written w join listening l on l.id = w.endpoint_id and l.state = 'active'
    on conflict (organisation_id, workflow_id) do update set version = excluded.version
    returning 1
  )
  select count(pg_notify('${OUTBOX_CHANNEL}', ''))::int from (select from told limit 1) one`,
};

/**
 * Tells the organisation's webhook endpoints what happened, in the transaction in which it happened. Call it under
 * the customer's lock: only then is the order of an invoice's events the order in which they became true. Where
 * nobody listens it costs one look at an empty table.
 */
export async function emit(scope: Scope, { type, subjectId, data }: WebhookEvent): Promise<void> {
  await queryPrepared(scope.manager, EMIT, [
    scope.organisationId,
    type,
    subjectId,
    JSON.stringify(data),
    new Date(scope.now),
  ]);
}
