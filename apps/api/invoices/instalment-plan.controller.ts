import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { instalmentPlanInput, instalmentPlanResource } from '#contracts/schemas/index.js';
import type { InstalmentPlanInput, InstalmentPlanResource } from '#contracts/schemas/index.js';
import { agreePlan, cancelPlan } from '#engine/facts/index.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { idOf } from '../common/reference.js';
import { accepted } from '../common/written.js';
import { getPlan } from './instalment-plan.queries.js';

@ApiTags('Invoices')
@Controller('invoices/:id/instalment-plan')
export class InstalmentPlanController {
  @Post()
  @Operation({
    summary: 'Agree on instalments for all that is open of an invoice',
    description:
      'Its instalments are reminded of one by one, and nothing else of the ladder goes out until the plan is kept, or broken by its own rule. An earlier plan is cancelled.',
    allow: ['agent'],
    status: 201,
    returns: instalmentPlanResource,
  })
  agree(
    @Param('id') reference: string,
    @Body({ schema: instalmentPlanInput }) input: InstalmentPlanInput,
  ): Command<InstalmentPlanResource> {
    return run(async (scope) => {
      const { id } = accepted(await agreePlan(scope, await idOf(scope, 'invoice', reference), input));
      return getPlan(scope, { id });
    });
  }

  @Get()
  @Operation({
    summary: 'The last instalment plan of an invoice, and how it is being kept',
    allow: ['viewer'],
    returns: instalmentPlanResource,
  })
  get(@Param('id') reference: string): Command<InstalmentPlanResource> {
    return run(async (scope) => getPlan(scope, { invoiceId: await idOf(scope, 'invoice', reference) }));
  }

  @Delete()
  @Operation({
    summary: 'Cancel the instalment plan of an invoice',
    description: 'The ladder goes on with all that is open.',
    allow: ['agent'],
    returns: instalmentPlanResource,
  })
  cancel(@Param('id') reference: string): Command<InstalmentPlanResource> {
    return run(async (scope) => {
      const { id } = accepted(await cancelPlan(scope, await idOf(scope, 'invoice', reference)));
      return getPlan(scope, { id });
    });
  }
}
