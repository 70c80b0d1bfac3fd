import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { approvalInput, taskOutcomeInput, taskResource } from '#contracts/schemas/index.js';
import type { ApprovalInput, TaskOutcomeInput, TaskResource } from '#contracts/schemas/index.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf } from '../common/pagination.js';
import { answerApproval, assignTask, recordOutcome } from './tasks.commands.js';
import { getTask, listTasks } from './tasks.queries.js';
import { assignInput, type AssignInput, taskQuery, type TaskQuery } from './tasks.schemas.js';

@Controller('tasks')
export class TasksController {
  @Get()
  @Operation({
    summary: 'List tasks, those due first at the top',
    allow: ['viewer'],
    returns: pageOf(taskResource),
  })
  list(@Query({ schema: taskQuery }) query: TaskQuery): Command<Page<TaskResource>> {
    return run((scope) => listTasks(scope, query));
  }

  @Get(':id')
  @Operation({
    summary: 'A task with its brief: whom to call, about what, and a script',
    allow: ['viewer'],
    returns: taskResource,
  })
  get(@Param('id') id: string): Command<TaskResource> {
    return run((scope) => getTask(scope, id));
  }

  @Post(':id/assign')
  @Operation({ summary: 'Give a task to somebody', allow: ['agent'], returns: taskResource })
  assign(
    @Param('id') id: string,
    @Body({ schema: assignInput }) { assignee }: AssignInput,
  ): Command<TaskResource> {
    return run((scope) => assignTask(scope, id, assignee));
  }

  @Post(':id/outcome')
  @Operation({
    summary: 'Record what came of a task',
    description: 'The ladder moves on; a promise, dispute or call back becomes what it says.',
    allow: ['agent'],
    returns: taskResource,
  })
  outcome(
    @Param('id') id: string,
    @Body({ schema: taskOutcomeInput }) outcome: TaskOutcomeInput,
  ): Command<TaskResource> {
    return run((scope) => recordOutcome(scope, id, outcome));
  }

  @Post(':id/approval')
  @Operation({
    summary: 'Say whether a message may go out',
    description:
      'It goes out at once, or when the contact policies allow it; one that is declined never does. For tasks of kind `approval`.',
    allow: ['manager'],
    returns: taskResource,
  })
  approval(
    @Param('id') id: string,
    @Body({ schema: approvalInput }) answer: ApprovalInput,
  ): Command<TaskResource> {
    return run((scope) => answerApproval(scope, id, answer));
  }
}
