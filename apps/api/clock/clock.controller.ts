import { Body, Controller, Get, Post } from '@nestjs/common';
import { formatInstant } from '#domain/instant.js';
import { CurrentCaller, type KeyCaller } from '../common/caller.js';
import { type Command, run } from '../common/command.js';
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
    description: 'Does everything that comes due on the way, in order. Sending it again does no harm.',
    allow: ['manager'],
    returns: advancedResource,
  })
  advance(
    @CurrentCaller() caller: KeyCaller,
    @Body({ schema: clockInput }) { to }: ClockInput,
  ): Promise<AdvancedResource> {
    return this.clock.advance(caller, to);
  }
}
