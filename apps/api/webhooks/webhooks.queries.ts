import {
  DELIVERY_COLUMNS,
  type DeliveryView,
  ENDPOINT_COLUMNS,
  type EndpointView,
  findEndpoint,
} from '#engine/webhooks/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage, type Page, type PageQuery } from '../common/pagination.js';
import { idOf, notFound } from '../common/reference.js';
import type { DeliveryResource, EndpointResource } from './webhooks.schemas.js';

export const endpointView = ({ id, url, eventTypes, state, recordedAt }: EndpointView): EndpointResource => ({
  id,
  url,
  eventTypes,
  state,
  recordedAt: instantText(recordedAt),
});

export const deliveryView = (delivery: DeliveryView): DeliveryResource => ({
  id: delivery.id,
  endpointId: delivery.endpointId,
  subjectId: delivery.subjectId,
  type: delivery.type,
  state: delivery.state,
  tries: delivery.tries,
  lastStatus: delivery.lastStatus,
  data: delivery.data,
  effectiveAt: instantText(delivery.effectiveAt),
  recordedAt: instantText(delivery.recordedAt),
  deliveredAt: instantTextOrNull(delivery.deliveredAt),
});

export const listEndpoints = (scope: Scope, page: PageQuery): Promise<Page<EndpointResource>> =>
  listPage<EndpointView, EndpointResource>(
    scope,
    {
      columns: ENDPOINT_COLUMNS,
      from: 'webhook_endpoint',
      where: [['organisation_id = ?', scope.organisationId]],
      sort: { by: 'recorded_at', type: 'timestamptz' },
      id: 'id',
      view: endpointView,
    },
    page,
  );

export const getEndpoint = async (scope: Scope, reference: string): Promise<EndpointResource> => {
  const endpoint = await findEndpoint(scope, await idOf(scope, 'webhook_endpoint', reference));
  if (!endpoint) throw notFound('webhook_endpoint', reference);
  return endpointView(endpoint);
};

export interface DeliveryFilter extends PageQuery {
  state?: DeliveryResource['state'] | undefined;
}

/** Newest first. */
export const listDeliveries = async (
  scope: Scope,
  reference: string,
  filter: DeliveryFilter,
): Promise<Page<DeliveryResource>> => {
  const endpointId = await idOf(scope, 'webhook_endpoint', reference);
  return listPage<DeliveryView, DeliveryResource>(
    scope,
    {
      columns: DELIVERY_COLUMNS,
      from: 'webhook_delivery',
      where: [
        ['organisation_id = ?', scope.organisationId],
        ['endpoint_id = ?', endpointId],
        ['state = ?', filter.state],
      ],
      sort: { by: 'sequence', type: 'bigint', descending: true },
      id: 'id',
      view: deliveryView,
    },
    filter,
  );
};
