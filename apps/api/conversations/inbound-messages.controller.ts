import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { assignInbound } from '#engine/inbound/index.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf } from '../common/pagination.js';
import { idOf } from '../common/reference.js';
import { accepted } from '../common/written.js';
import {
  assignmentInput,
  type AssignmentInput,
  inboundQuery,
  type InboundQuery,
  inboundResource,
  type InboundResource,
} from './conversations.schemas.js';
import { getInbound, listInbound } from './inbound-messages.queries.js';

@Controller('inbound-messages')
export class InboundMessagesController {
  @Get()
  @Operation({
    summary: 'List what people wrote, oldest first',
    description: '`matched=false`: what waits for somebody to say whose it is.',
    allow: ['viewer'],
    returns: pageOf(inboundResource),
  })
  list(@Query({ schema: inboundQuery }) query: InboundQuery): Command<Page<InboundResource>> {
    return run((scope) => listInbound(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'What somebody wrote', allow: ['viewer'], returns: inboundResource })
  get(@Param('id') id: string): Command<InboundResource> {
    return run((scope) => getInbound(scope, id));
  }

  @Post(':id/assign')
  @Operation({
    summary: 'Say whose a message is that nobody could tell',
    description:
      'What a person wrote pauses the outreach to the customer from now, and a task asks for an answer. Again, it changes nothing.',
    allow: ['agent'],
    returns: inboundResource,
  })
  assign(
    @Param('id') reference: string,
    @Body({ schema: assignmentInput }) { customer }: AssignmentInput,
  ): Command<InboundResource> {
    return run(async (scope) => {
      const id = await idOf(scope, 'inbound_message', reference);
      accepted(await assignInbound(scope, id, await idOf(scope, 'customer', customer)));
      return getInbound(scope, id);
    });
  }
}
