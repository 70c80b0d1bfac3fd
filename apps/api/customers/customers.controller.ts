import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { customerInput, customerResource } from '#contracts/schemas/index.js';
import type { CustomerInput, CustomerResource } from '#contracts/schemas/index.js';
import { country, text } from '#contracts/schemas/scalars.js';
import { upsertCustomers } from '#engine/facts/customers.js';
import type { Scope } from '#engine/scope.js';
import { batchOf, batchResource, batchResult } from '../common/batch.js';
import type { BatchResult } from '../common/batch.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { checkAddressed, idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getCustomer, listCustomers } from './customers.queries.js';
import type { CustomerFilter } from './customers.queries.js';

const customerQuery = z.strictObject({
  ...pageQuery,
  kind: customerResource.shape.kind.optional(),
  country: country.optional(),
  parent: reference,
  segment: reference,
  search: text(200).optional().meta({ description: 'In the name or the external id' }),
});

const customerBatch = batchOf('customers', customerInput);

const upsert = async (scope: Scope, input: CustomerInput): Promise<WithResult<CustomerResource>> => {
  const [outcome] = await upsertCustomers(scope, [input]);
  const { id, result } = accepted(outcome);
  return { ...(await getCustomer(scope, id)), result };
};

@Controller('customers')
export class CustomersController {
  @Post()
  @Operation({
    summary: 'Create or update a customer by external id',
    description: 'What is optional and left out stays as it is; null clears.',
    allow: ['manager'],
    returns: withResult(customerResource),
  })
  upsert(@Body({ schema: customerInput }) input: CustomerInput): Command<WithResult<CustomerResource>> {
    return run((scope) => upsert(scope, input));
  }

  @Post('batch')
  @Operation({
    summary: 'Create or update up to 500 customers',
    description: 'Each is taken or refused by itself.',
    allow: ['manager'],
    returns: batchResource,
  })
  upsertMany(
    @Body({ schema: customerBatch }) { customers }: z.output<typeof customerBatch>,
  ): Command<BatchResult> {
    return run(async (scope) => batchResult(await upsertCustomers(scope, customers)));
  }

  @Put(':id')
  @Operation({
    summary: 'Create or update the customer of this id',
    description: 'As POST. A customer that is not there yet is addressed by `ext:`.',
    allow: ['manager'],
    returns: withResult(customerResource),
  })
  put(
    @Param('id') id: string,
    @Body({ schema: customerInput }) input: CustomerInput,
  ): Command<WithResult<CustomerResource>> {
    return run(async (scope) => {
      await checkAddressed(scope, 'customer', id, input.externalId);
      return upsert(scope, input);
    });
  }

  @Get()
  @Operation({
    summary: 'List customers, oldest first',
    allow: ['viewer'],
    returns: pageOf(customerResource),
  })
  list(@Query({ schema: customerQuery }) query: CustomerFilter): Command<Page<CustomerResource>> {
    return run((scope) => listCustomers(scope, query));
  }

  @Get(':id')
  @Operation({
    summary: 'A customer with its people and their contact points',
    allow: ['viewer'],
    returns: customerResource,
  })
  get(@Param('id') id: string): Command<CustomerResource> {
    return run(async (scope) => getCustomer(scope, await idOf(scope, 'customer', id)));
  }
}
