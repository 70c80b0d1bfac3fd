import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { readTimeline } from '#engine/reading/index.js';
import type { Scope } from '#engine/scope.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf, pageQuery, type PageQuery } from '../common/pagination.js';
import { idOf, notFound } from '../common/reference.js';
import { timelineEntry, type TimelineEntryResource } from './timeline.schemas.js';

const timelineOf = async (
  scope: Scope,
  reference: string,
  { after, limit }: PageQuery,
): Promise<Page<TimelineEntryResource>> => {
  const invoiceId = await idOf(scope, 'invoice', reference);
  const position = after === undefined ? null : Buffer.from(after, 'base64url').toString();
  const page = await readTimeline(scope, invoiceId, { after: position, limit });
  if (!page) throw notFound('invoice', reference);
  return {
    data: page.entries,
    next: page.next === null ? null : Buffer.from(page.next).toString('base64url'),
  };
};

@Controller('invoices/:id/timeline')
export class TimelineController {
  @Get()
  @Operation({
    summary: 'Everything about an invoice in one order of time',
    description:
      'Facts, steps, messages, tasks, holds and money, each with a sentence. A step and the message that carried it out are one entry.',
    allow: ['viewer'],
    returns: pageOf(timelineEntry),
  })
  get(
    @Param('id') id: string,
    @Query({ schema: z.strictObject(pageQuery) }) query: PageQuery,
  ): Command<Page<TimelineEntryResource>> {
    return run((scope) => timelineOf(scope, id, query));
  }
}
