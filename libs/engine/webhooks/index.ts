export { createWebhookActivities, type WebhookDeps } from './deliver.js';
export { DELIVERY_COLUMNS, type DeliveryView, replayDelivery } from './deliveries.js';
export { emit } from './emit.js';
export { checkEndpointUrl } from './endpoint-url.js';
export {
  type CreatedEndpoint,
  createEndpoint,
  deleteEndpoint,
  ENDPOINT_COLUMNS,
  type EndpointView,
  findEndpoint,
  updateEndpoint,
} from './endpoints.js';
export { WEBHOOK_EVENT_TYPES, type WebhookEvent, type WebhookEventType } from './events.js';
