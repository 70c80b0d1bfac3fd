import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { WorkingCalendar } from '#domain/working-days.js';
import {
  endEnrolment,
  type EnrolmentPauseResult,
  pauseEnrolment,
  resumeEnrolment,
} from '#engine/campaigns/index.js';
import type { Scope } from '#engine/scope.js';
import type { ApiRequest } from '../common/api-request.js';
import { CurrentCaller, type KeyCaller } from '../common/caller.js';
import { type Command, run } from '../common/command.js';
import { idempotentRequestOf, tellReplayed } from '../common/idempotency.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf } from '../common/pagination.js';
import { Problem } from '../common/problem.js';
import { idOf } from '../common/reference.js';
import { type PauseInput, pauseInput, type ResumeInput, resumeInput } from '../campaigns/pause.schemas.js';
import { CALENDAR } from '../common/calendar.js';
import { Enrolling } from './enrolling.js';
import { getEnrolment, listEnrolments } from './enrolments.queries.js';
import {
  endInput,
  type EndInput,
  enrolInput,
  type EnrolInput,
  enrolledResource,
  type EnrolledResource,
  enrolmentDetailResource,
  type EnrolmentDetailResource,
  enrolmentQuery,
  type EnrolmentQuery,
  enrolmentResource,
  type EnrolmentResource,
} from './enrolments.schemas.js';

@Controller('enrolments')
export class EnrolmentsController {
  constructor(
    private readonly enrolling: Enrolling,
    @Inject(CALENDAR) private readonly calendar: WorkingCalendar,
  ) {}

  @Post()
  @Operation({
    summary: 'Enrol invoices, named or by a filter',
    description: 'An invoice that is enrolled somewhere already stays where it is. Safe to send again.',
    allow: ['manager'],
    returns: enrolledResource,
  })
  async enrol(
    @CurrentCaller() caller: KeyCaller,
    @Body({ schema: enrolInput }) input: EnrolInput,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EnrolledResource> {
    const answer = await this.enrolling.enrol(caller, input, idempotentRequestOf(request, response));
    return tellReplayed(answer, response);
  }

  @Get()
  @Operation({
    summary: 'List enrolments, oldest first',
    allow: ['viewer'],
    returns: pageOf(enrolmentResource),
  })
  list(@Query({ schema: enrolmentQuery }) query: EnrolmentQuery): Command<Page<EnrolmentResource>> {
    return run((scope) => listEnrolments(scope, query));
  }

  @Get(':id')
  @Operation({
    summary: 'An enrolment, and what it does next',
    allow: ['viewer'],
    returns: enrolmentDetailResource,
  })
  get(@Param('id') id: string): Command<EnrolmentDetailResource> {
    return run((scope) => getEnrolment(scope, this.calendar, id));
  }

  @Post(':id/end')
  @Operation({ summary: 'End an enrolment by hand', allow: ['manager'], returns: enrolmentDetailResource })
  end(
    @Param('id') id: string,
    @Body({ schema: endInput }) { reason }: EndInput,
  ): Command<EnrolmentDetailResource> {
    return run((scope) => this.endIn(scope, id, reason));
  }

  @Post(':id/pause')
  @Operation({
    summary: 'Pause one enrolment',
    description: 'Its steps are kept back until it is resumed; a payment still ends it.',
    allow: ['marketer'],
    returns: enrolmentDetailResource,
  })
  pause(
    @Param('id') id: string,
    @Body({ schema: pauseInput }) { reason }: PauseInput,
  ): Command<EnrolmentDetailResource> {
    return run((scope) => this.pausing(scope, id, (of) => pauseEnrolment(scope, of, reason)));
  }

  @Post(':id/resume')
  @Operation({ summary: 'Resume one enrolment', allow: ['marketer'], returns: enrolmentDetailResource })
  resume(
    @Param('id') id: string,
    @Body({ schema: resumeInput }) { reason }: ResumeInput,
  ): Command<EnrolmentDetailResource> {
    return run((scope) => this.pausing(scope, id, (of) => resumeEnrolment(scope, of, reason)));
  }

  private async pausing(
    scope: Scope,
    reference: string,
    change: (id: string) => Promise<EnrolmentPauseResult>,
  ): Promise<EnrolmentDetailResource> {
    const id = await idOf(scope, 'enrolment', reference);
    const { kind } = await change(id);
    if (kind === 'ended')
      throw new Problem('conflict', 'The enrolment has ended.', {
        remedy: 'Nothing of it goes out any more; there is nothing to pause or to resume.',
      });
    return getEnrolment(scope, this.calendar, id);
  }

  private async endIn(
    scope: Scope,
    reference: string,
    reason: string | undefined,
  ): Promise<EnrolmentDetailResource> {
    const id = await idOf(scope, 'enrolment', reference);
    const result = await endEnrolment(scope, id, reason ?? null);
    if (result.kind === 'refused') throw new Problem('conflict', `The ${result.reason}.`);
    return getEnrolment(scope, this.calendar, id);
  }
}
