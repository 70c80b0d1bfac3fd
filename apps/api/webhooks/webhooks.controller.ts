import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf, pageQuery, type PageQuery } from '../common/pagination.js';
import { type ApiSettings, SETTINGS } from '../common/settings.js';
import { addEndpoint, changeEndpoint, removeEndpoint, replay, withoutSecret } from './webhooks.commands.js';
import { type DeliveryFilter, getEndpoint, listDeliveries, listEndpoints } from './webhooks.queries.js';
import {
  deliveryResource,
  type DeliveryResource,
  endpointInput,
  type EndpointInput,
  endpointResource,
  type EndpointResource,
  endpointUpdate,
  type EndpointUpdate,
  newEndpointResource,
  type NewEndpointResource,
} from './webhooks.schemas.js';

const deliveryQuery = z.strictObject({ ...pageQuery, state: deliveryResource.shape.state.optional() });

@Controller('webhooks')
export class WebhooksController {
  constructor(@Inject(SETTINGS) private readonly settings: ApiSettings) {}

  @Post()
  @Operation({
    summary: 'Subscribe an endpoint to events; its secret is shown once',
    allow: ['admin'],
    status: 201,
    returns: newEndpointResource,
  })
  create(@Body({ schema: endpointInput }) input: EndpointInput): Command<NewEndpointResource> {
    return run((scope) => addEndpoint(scope, input, this.allowPrivate), { remember: withoutSecret });
  }

  @Get()
  @Operation({ summary: 'List endpoints', allow: ['admin'], returns: pageOf(endpointResource) })
  list(@Query({ schema: z.strictObject(pageQuery) }) query: PageQuery): Command<Page<EndpointResource>> {
    return run((scope) => listEndpoints(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'An endpoint', allow: ['admin'], returns: endpointResource })
  get(@Param('id') id: string): Command<EndpointResource> {
    return run((scope) => getEndpoint(scope, id));
  }

  @Patch(':id')
  @Operation({ summary: 'Change, pause or set to work again', allow: ['admin'], returns: endpointResource })
  update(
    @Param('id') id: string,
    @Body({ schema: endpointUpdate }) changes: EndpointUpdate,
  ): Command<EndpointResource> {
    return run((scope) => changeEndpoint(scope, id, changes, this.allowPrivate));
  }

  @Delete(':id')
  @Operation({ summary: 'Remove an endpoint and what it has not taken', allow: ['admin'], status: 204 })
  remove(@Param('id') id: string): Command<void> {
    return run((scope) => removeEndpoint(scope, id));
  }

  @Get(':id/deliveries')
  @Operation({
    summary: 'List the events of an endpoint, newest first',
    allow: ['admin'],
    returns: pageOf(deliveryResource),
  })
  deliveries(
    @Param('id') id: string,
    @Query({ schema: deliveryQuery }) query: DeliveryFilter,
  ): Command<Page<DeliveryResource>> {
    return run((scope) => listDeliveries(scope, id, query));
  }

  @Post(':id/deliveries/:deliveryId/replay')
  @Operation({
    summary: 'Send an event once more, with the id it had',
    allow: ['admin'],
    status: 202,
    returns: deliveryResource,
  })
  replay(@Param('id') id: string, @Param('deliveryId') deliveryId: string): Command<DeliveryResource> {
    return run((scope) => replay(scope, id, deliveryId));
  }

  private get allowPrivate(): boolean {
    return this.settings.allowPrivateWebhooks ?? false;
  }
}
