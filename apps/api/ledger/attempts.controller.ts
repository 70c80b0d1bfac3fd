import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf, pageQuery } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { type AttemptFilter, getAttempt, listAttempts } from './attempts.queries.js';
import { attemptResource, type AttemptResource } from './ledger.schemas.js';

const attemptQuery = z.strictObject({
  ...pageQuery,
  customer: reference,
  invoice: reference,
  campaign: reference,
  decision: attemptResource.shape.decision.optional(),
  state: attemptResource.shape.state.optional(),
});

@Controller('attempts')
export class AttemptsController {
  @Get()
  @Operation({
    summary: 'List steps that came due, newest first',
    description: 'For what went out ask for `state=sent`: a decision is written before anybody is called.',
    allow: ['viewer'],
    returns: pageOf(attemptResource),
  })
  list(@Query({ schema: attemptQuery }) query: AttemptFilter): Command<Page<AttemptResource>> {
    return run((scope) => listAttempts(scope, query));
  }

  @Get(':id')
  @Operation({
    summary: 'What was decided about a step, why, and what became of it',
    allow: ['viewer'],
    returns: attemptResource,
  })
  get(@Param('id') id: string): Command<AttemptResource> {
    return run((scope) => getAttempt(scope, id));
  }
}
