import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { creditorInput, creditorResource } from '#contracts/schemas/index.js';
import type { CreditorInput, CreditorResource } from '#contracts/schemas/index.js';
import { upsertCreditors } from '#engine/facts/creditors.js';
import type { Scope } from '#engine/scope.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { checkAddressed, idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getCreditor, listCreditors } from './creditors.queries.js';

const upsert = async (scope: Scope, input: CreditorInput): Promise<WithResult<CreditorResource>> => {
  const [outcome] = await upsertCreditors(scope, [input]);
  const { id, result } = accepted(outcome);
  return { ...(await getCreditor(scope, id)), result };
};

@Controller('creditors')
export class CreditorsController {
  @Post()
  @Operation({
    summary: 'Create or update a creditor by external id',
    description: 'What is optional and left out stays as it is; null clears.',
    allow: ['manager'],
    returns: withResult(creditorResource),
  })
  upsert(@Body({ schema: creditorInput }) input: CreditorInput): Command<WithResult<CreditorResource>> {
    return run((scope) => upsert(scope, input));
  }

  @Put(':id')
  @Operation({
    summary: 'Create or update the creditor of this id',
    description: 'As POST. A creditor that is not there yet is addressed by `ext:`.',
    allow: ['manager'],
    returns: withResult(creditorResource),
  })
  put(
    @Param('id') id: string,
    @Body({ schema: creditorInput }) input: CreditorInput,
  ): Command<WithResult<CreditorResource>> {
    return run(async (scope) => {
      await checkAddressed(scope, 'creditor', id, input.externalId);
      return upsert(scope, input);
    });
  }

  @Get()
  @Operation({
    summary: 'List creditors, oldest first',
    allow: ['viewer'],
    returns: pageOf(creditorResource),
  })
  list(@Query({ schema: z.strictObject(pageQuery) }) query: PageQuery): Command<Page<CreditorResource>> {
    return run((scope) => listCreditors(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'A creditor', allow: ['viewer'], returns: creditorResource })
  get(@Param('id') id: string): Command<CreditorResource> {
    return run(async (scope) => getCreditor(scope, await idOf(scope, 'creditor', id)));
  }
}
