import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { customerResource, erasureInput } from '#contracts/schemas/index.js';
import type { CustomerResource, ErasureInput } from '#contracts/schemas/index.js';
import { eraseCustomer, personalData } from '#engine/privacy/index.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getCustomer } from './customers.queries.js';

const personalDataResource = z
  .record(z.string(), z.array(z.record(z.string(), z.unknown())))
  .meta({ description: 'Rows by kind, as they are stored' });

/** What the people of a customer may ask for. */
@Controller('customers/:id')
export class PrivacyController {
  @Get('personal-data')
  @Operation({
    summary: 'Everything held about the people of a customer',
    description: 'To be given to whoever asks what is known of them. The files of invoices are apart.',
    allow: ['admin'],
    returns: personalDataResource,
  })
  data(@Param('id') reference: string): Command<Record<string, Record<string, unknown>[]>> {
    return run(async (scope) => personalData(scope, await idOf(scope, 'customer', reference)));
  }

  @Post('erasure')
  @Operation({
    summary: 'Forget the people of a customer',
    description:
      'Names, addresses, what was written to them and by them, notes and evidence. Invoices, payments and that there was contact stay, for the books need them. All outreach ends. It cannot be undone.',
    allow: ['admin'],
    returns: withResult(customerResource),
  })
  erase(
    @Param('id') reference: string,
    @Body({ schema: erasureInput }) input: ErasureInput,
  ): Command<WithResult<CustomerResource>> {
    return run(async (scope) => {
      const customer = await idOf(scope, 'customer', reference);
      const { id, result } = accepted(await eraseCustomer(scope, { id: customer }, input));
      return { ...(await getCustomer(scope, id)), result };
    });
  }
}
