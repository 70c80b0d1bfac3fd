import {
  checkEndpointUrl,
  createEndpoint,
  deleteEndpoint,
  replayDelivery,
  updateEndpoint,
} from '#engine/webhooks/index.js';
import type { Scope } from '#engine/scope.js';
import { Problem } from '../common/problem.js';
import { idOf, notFound } from '../common/reference.js';
import { deliveryView, endpointView } from './webhooks.queries.js';
import type {
  DeliveryResource,
  EndpointInput,
  EndpointResource,
  EndpointUpdate,
  NewEndpointResource,
} from './webhooks.schemas.js';

const requireUsable = (url: string, allowPrivate: boolean): void => {
  const checked = checkEndpointUrl(url, allowPrivate);
  if (checked.ok) return;
  throw new Problem('unprocessable', 'Events cannot be sent there.', {
    errors: [{ path: 'url', message: checked.reason }],
  });
};

export const addEndpoint = async (
  scope: Scope,
  input: EndpointInput,
  allowPrivate: boolean,
): Promise<NewEndpointResource> => {
  requireUsable(input.url, allowPrivate);
  const endpoint = await createEndpoint(scope, input);
  return { ...endpointView(endpoint), secret: endpoint.secret };
};

/** What is kept for a repetition: everything but the secret. */
export const withoutSecret = (endpoint: NewEndpointResource): NewEndpointResource => ({
  ...endpoint,
  secret: null,
});

export const changeEndpoint = async (
  scope: Scope,
  reference: string,
  changes: EndpointUpdate,
  allowPrivate: boolean,
): Promise<EndpointResource> => {
  const id = await idOf(scope, 'webhook_endpoint', reference);
  if (changes.url !== undefined) requireUsable(changes.url, allowPrivate);
  const endpoint = await updateEndpoint(scope, id, changes);
  if (!endpoint) throw notFound('webhook_endpoint', reference);
  return endpointView(endpoint);
};

export const removeEndpoint = async (scope: Scope, reference: string): Promise<void> => {
  await deleteEndpoint(scope, await idOf(scope, 'webhook_endpoint', reference));
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const replay = async (
  scope: Scope,
  reference: string,
  deliveryId: string,
): Promise<DeliveryResource> => {
  const endpointId = await idOf(scope, 'webhook_endpoint', reference);
  const delivery = UUID.test(deliveryId) ? await replayDelivery(scope, endpointId, deliveryId) : null;
  if (!delivery) throw new Problem('not-found', `There is no delivery ${deliveryId} to this endpoint.`);
  return deliveryView(delivery);
};
