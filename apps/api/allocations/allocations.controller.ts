import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { allocationResource, reversalInput } from '#contracts/schemas/index.js';
import type { AllocationResource } from '#contracts/schemas/index.js';
import { reverseAllocation } from '#engine/facts/payment-reversal.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getAllocation, listAllocations } from './allocations.queries.js';
import type { AllocationFilter } from './allocations.queries.js';

const allocationQuery = z.strictObject({
  ...pageQuery,
  invoice: reference,
  payment: reference,
  creditNote: reference,
});

@Controller('allocations')
export class AllocationsController {
  @Get()
  @Operation({
    summary: 'List what money went to which invoice part',
    allow: ['viewer'],
    returns: pageOf(allocationResource),
  })
  list(@Query({ schema: allocationQuery }) query: AllocationFilter): Command<Page<AllocationResource>> {
    return run((scope) => listAllocations(scope, query));
  }

  @Post(':id/reverse')
  @Operation({
    summary: 'Take one allocation back',
    description: 'Exactly that part of that invoice is open again; the money stays with the customer.',
    allow: ['manager'],
    returns: withResult(allocationResource),
  })
  reverse(
    @Param('id') reference: string,
    @Body({ schema: reversalInput }) { reason }: { reason: string },
  ): Command<WithResult<AllocationResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'allocation', reference);
      const { result } = accepted(await reverseAllocation(scope, id, reason));
      return { ...(await getAllocation(scope, id)), result };
    });
  }
}
