import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { formatInstant } from '#domain/instant.js';
import type { ApiRequest } from '../common/api-request.js';
import { CurrentCaller, type KeyCaller } from '../common/caller.js';
import { type Command, run } from '../common/command.js';
import { idempotentRequestOf, tellReplayed } from '../common/idempotency.js';
import { Operation } from '../common/operation.js';
import {
  advancedResource,
  type AdvancedResource,
  clockInput,
  type ClockInput,
  clockResource,
  type ClockResource,
} from './clock.schemas.js';
import { TestClock } from './clock.service.js';

@Controller('clock')
export class ClockController {
  constructor(private readonly clock: TestClock) {}

  @Get()
  @Operation({ summary: "The organisation's clock", allow: ['viewer'], returns: clockResource })
  get(): Command<ClockResource> {
    return run(async ({ kind, now }) => ({ kind, now: formatInstant(now) }));
  }

  @Post()
  @Operation({
    summary: "Advance a test organisation's clock",
    description:
      'Does everything that comes due on the way, in order. Sending it again does no harm. With an ' +
      '`Idempotency-Key` the answer is kept once `to` is reached; until then the same request goes on.',
    allow: ['manager'],
    returns: advancedResource,
  })
  async advance(
    @CurrentCaller() caller: KeyCaller,
    @Body({ schema: clockInput }) { to }: ClockInput,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AdvancedResource> {
    const answer = await this.clock.advance(caller, to, idempotentRequestOf(request, response));
    return tellReplayed(answer, response);
  }
}
