import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { consentInput, consentResource } from '#contracts/schemas/index.js';
import type { ConsentInput, ConsentResource } from '#contracts/schemas/index.js';
import { recordConsent } from '#engine/facts/consents.js';
import { askAgain } from '#engine/facts/double-opt-in.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getConsent, listConsents } from './consents.queries.js';
import type { ConsentFilter } from './consents.queries.js';

const consentQuery = z.strictObject({
  ...pageQuery,
  customer: reference,
  medium: consentResource.shape.medium.optional(),
  state: consentResource.shape.state.optional(),
});

@Controller('consents')
export class ConsentsController {
  @Post()
  @Operation({
    summary: 'Record what a customer said of messages by a channel',
    description:
      'With what proves it. The last word holds; direct messages go only to chats of which one was given. A withdrawal closes a channel to the customer, or one address. Where `doubleOptIn` of the organisation names the channel, a consent is `pending` until the owner of the address has confirmed it by a link in a message.',
    allow: ['agent'],
    status: 201,
    returns: withResult(consentResource),
  })
  record(@Body({ schema: consentInput }) input: ConsentInput): Command<WithResult<ConsentResource>> {
    return run(async (scope) => {
      const { id, result } = accepted(await recordConsent(scope, input));
      return { ...(await getConsent(scope, id)), result };
    });
  }

  @Post(':id/confirmation')
  @Operation({
    summary: 'Ask the owner of an address once more to confirm a consent',
    description:
      'By a message with a link, to that address; once in a day. Only of a consent that is `pending`, as `doubleOptIn` of the organisation has it.',
    allow: ['agent'],
    returns: withResult(consentResource),
  })
  askAgain(@Param('id') id: string): Command<WithResult<ConsentResource>> {
    return run(async (scope) => {
      const { result } = accepted(await askAgain(scope, id));
      return { ...(await getConsent(scope, id)), result };
    });
  }

  @Get()
  @Operation({
    summary: 'List what customers said of messages, oldest first',
    allow: ['viewer'],
    returns: pageOf(consentResource),
  })
  list(@Query({ schema: consentQuery }) query: ConsentFilter): Command<Page<ConsentResource>> {
    return run((scope) => listConsents(scope, query));
  }
}
