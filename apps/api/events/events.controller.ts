import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { invoiceEventInput, invoiceEventResource } from '#contracts/schemas/index.js';
import type { InvoiceEventInput, InvoiceEventResource } from '#contracts/schemas/index.js';
import { recordInvoiceEvent } from '#engine/facts/invoice-events.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getEvent, listEvents } from './events.queries.js';
import type { EventFilter } from './events.queries.js';

const eventQuery = z.strictObject({
  ...pageQuery,
  invoice: reference,
  kind: invoiceEventResource.shape.kind.optional(),
});

@Controller('events')
export class EventsController {
  @Post()
  @Operation({
    summary: 'Record what happened to an invoice',
    description: 'A failed payment, a completed milestone, a view: steps may wait for it.',
    allow: ['agent'],
    returns: withResult(invoiceEventResource),
  })
  record(
    @Body({ schema: invoiceEventInput }) input: InvoiceEventInput,
  ): Command<WithResult<InvoiceEventResource>> {
    return run(async (scope) => {
      const { id, result } = accepted(await recordInvoiceEvent(scope, input));
      return { ...(await getEvent(scope, id)), result };
    });
  }

  @Get()
  @Operation({
    summary: 'List events, oldest first',
    allow: ['viewer'],
    returns: pageOf(invoiceEventResource),
  })
  list(@Query({ schema: eventQuery }) query: EventFilter): Command<Page<InvoiceEventResource>> {
    return run((scope) => listEvents(scope, query));
  }
}
