export { createWebhookActivities, type WebhookDeps } from './deliver.js';
export { type DeliveryView, listDeliveries, replayDelivery } from './deliveries.js';
export { emit } from './emit.js';
export { checkEndpointUrl } from './endpoint-url.js';
export {
  type CreatedEndpoint,
  createEndpoint,
  deleteEndpoint,
  type EndpointView,
  findEndpoint,
  listEndpoints,
  updateEndpoint,
} from './endpoints.js';
export { WEBHOOK_EVENT_TYPES, type WebhookEvent, type WebhookEventType } from './events.js';
