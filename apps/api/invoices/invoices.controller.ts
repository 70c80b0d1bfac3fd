import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { balanceResource, invoiceInput, invoiceResource } from '#contracts/schemas/index.js';
import type { InvoiceInput, InvoiceResource } from '#contracts/schemas/index.js';
import { upsertInvoices } from '#engine/facts/invoices.js';
import type { Scope } from '#engine/scope.js';
import { batchResource, batchResult } from '../common/batch.js';
import type { BatchResult } from '../common/batch.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { checkAddressed, idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getInvoice, listInvoices } from './invoices.queries.js';
import type { InvoiceFilter } from './invoices.queries.js';
import { invoiceBatch, invoiceQuery } from './invoices.schemas.js';
import type { InvoiceBatch } from './invoices.schemas.js';

const upsert = async (scope: Scope, input: InvoiceInput): Promise<WithResult<InvoiceResource>> => {
  const [outcome] = await upsertInvoices(scope, [input]);
  const { id, result } = accepted(outcome);
  return { ...(await getInvoice(scope, id)), result };
};

@Controller('invoices')
export class InvoicesController {
  @Post()
  @Operation({
    summary: 'Create or update an invoice by external id',
    description: 'What is optional and left out stays as it is. A moved due date re-plans the outreach.',
    allow: ['manager'],
    returns: withResult(invoiceResource),
  })
  upsert(@Body({ schema: invoiceInput }) input: InvoiceInput): Command<WithResult<InvoiceResource>> {
    return run((scope) => upsert(scope, input));
  }

  @Post('batch')
  @Operation({
    summary: 'Create or update up to 500 invoices',
    description: 'Each is taken or refused by itself.',
    allow: ['manager'],
    returns: batchResource,
  })
  upsertMany(@Body({ schema: invoiceBatch }) { invoices }: InvoiceBatch): Command<BatchResult> {
    return run(async (scope) => batchResult(await upsertInvoices(scope, invoices)));
  }

  @Put(':id')
  @Operation({
    summary: 'Create or update the invoice of this id',
    description: 'As POST. An invoice that is not there yet is addressed by `ext:`.',
    allow: ['manager'],
    returns: withResult(invoiceResource),
  })
  put(
    @Param('id') id: string,
    @Body({ schema: invoiceInput }) input: InvoiceInput,
  ): Command<WithResult<InvoiceResource>> {
    return run(async (scope) => {
      await checkAddressed(scope, 'invoice', id, input.externalId);
      return upsert(scope, input);
    });
  }

  @Get()
  @Operation({ summary: 'List invoices by due date', allow: ['viewer'], returns: pageOf(invoiceResource) })
  list(@Query({ schema: invoiceQuery }) query: InvoiceFilter): Command<Page<InvoiceResource>> {
    return run((scope) => listInvoices(scope, query));
  }

  @Get(':id')
  @Operation({
    summary: 'An invoice, its parts and its balance',
    allow: ['viewer'],
    returns: invoiceResource,
  })
  get(@Param('id') id: string): Command<InvoiceResource> {
    return run(async (scope) => getInvoice(scope, await idOf(scope, 'invoice', id)));
  }

  @Get(':id/balance')
  @Operation({ summary: 'What of an invoice is paid and open', allow: ['viewer'], returns: balanceResource })
  balance(@Param('id') id: string): Command<InvoiceResource['balance']> {
    return run(async (scope) => (await getInvoice(scope, await idOf(scope, 'invoice', id))).balance);
  }
}
