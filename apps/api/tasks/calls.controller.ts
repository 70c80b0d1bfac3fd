import { Body, Controller, Post } from '@nestjs/common';
import { callInput, taskResource } from '#contracts/schemas/index.js';
import type { CallInput, TaskResource } from '#contracts/schemas/index.js';
import { recordCall } from '#engine/facts/index.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { accepted } from '../common/written.js';
import { getTask } from './tasks.queries.js';

@Controller('calls')
export class CallsController {
  @Post()
  @Operation({
    summary: 'Record a call that was made without a task of Kindly',
    description:
      'It counts to contact policies, and what came of it has the effects that it has at a task. It is listed as a task that is done.',
    allow: ['agent'],
    status: 201,
    returns: taskResource,
  })
  record(@Body({ schema: callInput }) input: CallInput): Command<TaskResource> {
    return run(async (scope) => getTask(scope, accepted(await recordCall(scope, input)).id));
  }
}
