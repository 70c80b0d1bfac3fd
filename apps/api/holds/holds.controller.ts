import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { holdInput, holdReleaseInput, holdResource } from '#contracts/schemas/index.js';
import type {
  HoldInput,
  HoldReleaseInput,
  HoldResource,
  Refused,
  Written,
} from '#contracts/schemas/index.js';
import { placeHold, releaseHold } from '#engine/facts/holds.js';
import type { Scope } from '#engine/scope.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getHold, listHolds } from './holds.queries.js';
import type { HoldFilter } from './holds.queries.js';

const holdQuery = z.strictObject({
  ...pageQuery,
  customer: reference,
  invoice: reference,
  kind: holdResource.shape.kind.optional(),
  state: holdResource.shape.state.optional(),
});

const after = async (scope: Scope, outcome: Written | Refused): Promise<WithResult<HoldResource>> => {
  const { id, result } = accepted(outcome);
  return { ...(await getHold(scope, id)), result };
};

@Controller('holds')
export class HoldsController {
  @Post()
  @Operation({
    summary: 'Pause the outreach',
    description: 'About one invoice, or to a customer; from now on nothing is sent until it ends.',
    allow: ['agent'],
    status: 201,
    returns: withResult(holdResource),
  })
  place(@Body({ schema: holdInput }) input: HoldInput): Command<WithResult<HoldResource>> {
    return run(async (scope) => after(scope, await placeHold(scope, input)));
  }

  @Get()
  @Operation({ summary: 'List holds, oldest first', allow: ['viewer'], returns: pageOf(holdResource) })
  list(@Query({ schema: holdQuery }) query: HoldFilter): Command<Page<HoldResource>> {
    return run((scope) => listHolds(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'A hold', allow: ['viewer'], returns: holdResource })
  get(@Param('id') id: string): Command<HoldResource> {
    return run(async (scope) => getHold(scope, await idOf(scope, 'hold', id)));
  }

  @Post(':id/release')
  @Operation({
    summary: 'End a hold before its time',
    description: 'Again, or when it has expired, it changes nothing.',
    allow: ['agent'],
    returns: withResult(holdResource),
  })
  release(
    @Param('id') reference: string,
    @Body({ schema: holdReleaseInput }) input: HoldReleaseInput,
  ): Command<WithResult<HoldResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'hold', reference);
      return after(scope, await releaseHold(scope, id, input));
    });
  }
}
