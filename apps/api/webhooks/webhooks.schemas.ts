import { z } from 'zod';
import { id, instant, text } from '#contracts/schemas/scalars.js';
import { WEBHOOK_EVENT_TYPES } from '#engine/webhooks/index.js';

const eventType = z.enum(WEBHOOK_EVENT_TYPES, `is no event; write one of ${WEBHOOK_EVENT_TYPES.join(', ')}`);
const eventTypes = z
  .array(eventType)
  .max(WEBHOOK_EVENT_TYPES.length)
  .meta({ description: 'Empty: every event' });
const url = text(2_000).meta({ example: 'https://crm.example.com/kindly' });
const state = z.enum(['active', 'paused'], 'is no state; write active or paused');

export const endpointInput = z
  .strictObject({ url, eventTypes: eventTypes.default([]) })
  .meta({ description: 'Where to send events' });

export const endpointUpdate = z
  .strictObject({ url: url.optional(), eventTypes: eventTypes.optional(), state: state.optional() })
  .meta({ description: 'Set to work again, it gets what it missed' });

const shape = { id, url: z.string(), eventTypes, state, recordedAt: instant };

export const endpointResource = z.object(shape).meta({ id: 'WebhookEndpoint' });

export const newEndpointResource = z
  .object({
    ...shape,
    secret: z.string().nullable().meta({
      description: 'Signs every event (Standard Webhooks); shown once',
      example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    }),
  })
  .meta({ id: 'NewWebhookEndpoint' });

export const deliveryResource = z
  .object({
    id: id.meta({ description: 'The header webhook-id of every try' }),
    endpointId: id,
    subjectId: id.meta({ description: 'The invoice (or customer) whose events arrive in order' }),
    type: eventType,
    state: z.enum(['waiting', 'delivered', 'failed']),
    tries: z.int(),
    lastStatus: z.string().nullable().meta({ description: 'http_503, timeout, ECONNREFUSED, …' }),
    data: z.record(z.string(), z.unknown()),
    effectiveAt: instant,
    recordedAt: instant,
    deliveredAt: instant.nullable(),
  })
  .meta({ id: 'WebhookDelivery', description: 'One event for one endpoint' });

export type EndpointInput = z.output<typeof endpointInput>;
export type EndpointUpdate = z.output<typeof endpointUpdate>;
export type EndpointResource = z.output<typeof endpointResource>;
export type NewEndpointResource = z.output<typeof newEndpointResource>;
export type DeliveryResource = z.output<typeof deliveryResource>;
