import { randomBytes } from 'node:crypto';
import { WEBHOOK_DELIVERY } from '#contracts/engine.js';
import { OUTBOX_CHANNEL } from '../announce.js';
import { audit } from '../facts/audit.js';
import type { Scope } from '../scope.js';
import type { WebhookEventType } from './events.js';

export interface EndpointView {
  id: string;
  url: string;
  /** Empty: every event. */
  eventTypes: WebhookEventType[];
  state: 'active' | 'paused';
  recordedAt: Date;
}

export interface EndpointInput {
  url: string;
  eventTypes: readonly WebhookEventType[];
}

/** The secret is given out this once. */
export type CreatedEndpoint = EndpointView & { secret: string };

/** What makes an {@link EndpointView}. */
export const ENDPOINT_COLUMNS = 'id, url, event_types as "eventTypes", state, recorded_at as "recordedAt"';

/** Standard Webhooks: between 24 and 64 random bytes, in base64 after this prefix. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** @param input whose URL `checkEndpointUrl` accepts */
export async function createEndpoint(scope: Scope, input: EndpointInput): Promise<CreatedEndpoint> {
  const { manager, organisationId } = scope;
  const [row] = await manager.query<CreatedEndpoint[]>(
    `insert into webhook_endpoint (organisation_id, url, secret, event_types) values ($1, $2, $3, $4)
     returning ${ENDPOINT_COLUMNS}, secret`,
    [organisationId, input.url, newSecret(), input.eventTypes],
  );
  if (!row) throw new Error('PostgreSQL returned no row for an inserted endpoint.');
  await record(scope, 'webhook_endpoint.created', row.id);
  return row;
}

export async function findEndpoint(
  { manager, organisationId }: Scope,
  id: string,
): Promise<EndpointView | null> {
  const [row] = await manager.query<EndpointView[]>(
    `select ${ENDPOINT_COLUMNS} from webhook_endpoint where organisation_id = $1 and id = $2`,
    [organisationId, id],
  );
  return row ?? null;
}

/** Changes what is given. Setting an endpoint to work again sends it, in order, what it missed. */
export async function updateEndpoint(
  scope: Scope,
  id: string,
  changes: Partial<EndpointInput & Pick<EndpointView, 'state'>>,
): Promise<EndpointView | null> {
  await scope.manager.query(
    `update webhook_endpoint set url = coalesce($3, url), event_types = coalesce($4, event_types), state = coalesce($5, state)
     where organisation_id = $1 and id = $2`,
    [scope.organisationId, id, changes.url ?? null, changes.eventTypes ?? null, changes.state ?? null],
  );
  await record(scope, 'webhook_endpoint.changed', id);
  if (changes.state === 'active') await wake(scope, id);
  return findEndpoint(scope, id);
}

/** @returns false when there is none. Its deliveries go with it. */
export async function deleteEndpoint(scope: Scope, id: string): Promise<boolean> {
  const { manager, organisationId } = scope;
  const [row] = await manager.query<unknown[]>(
    `with gone as (delete from webhook_endpoint where organisation_id = $1 and id = $2 returning 1) select 1 from gone`,
    [organisationId, id],
  );
  if (row) await record(scope, 'webhook_endpoint.deleted', id);
  return row !== undefined;
}

const record = (scope: Scope, action: string, subjectId: string): Promise<void> =>
  audit(scope, [{ action, subjectType: 'webhook_endpoint', subjectId }]);

/** Tells the workflows of an endpoint's waiting events, of one subject or of all, to look again. */
export async function wake(
  { manager, organisationId }: Scope,
  endpointId: string,
  subjectId: string | null = null,
): Promise<void> {
  await manager.query(
    `with told as (
       insert into outbox (organisation_id, workflow_id, workflow_type, payload, version)
       select $1, 'webhook/' || $1 || '/' || $2 || '/' || subject_id, '${WEBHOOK_DELIVERY}',
              jsonb_build_object('organisationId', $1, 'endpointId', $2, 'subjectId', subject_id),
              floor(random() * 2147483647)::int
       from (select distinct subject_id from webhook_delivery
             where organisation_id = $1 and endpoint_id = $2 and state = 'waiting'
               and ($3::uuid is null or subject_id = $3)) waiting
       on conflict (organisation_id, workflow_id) do update set version = excluded.version
       returning 1)
     select count(pg_notify('${OUTBOX_CHANNEL}', ''))::int from (select from told limit 1) one`,
    [organisationId, endpointId, subjectId],
  );
}
