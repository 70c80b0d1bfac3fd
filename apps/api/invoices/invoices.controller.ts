import { Body, Controller, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { balanceResource, invoiceInput, invoiceResource } from '#contracts/schemas/index.js';
import type { InvoiceInput, InvoiceResource, UpsertResult } from '#contracts/schemas/index.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { enrolByRules } from '#engine/enrolment-rules/index.js';
import { upsertInvoices } from '#engine/facts/invoices.js';
import type { Scope } from '#engine/scope.js';
import { CALENDAR } from '../common/calendar.js';
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

@Controller('invoices')
export class InvoicesController {
  constructor(@Inject(CALENDAR) private readonly calendar: WorkingCalendar) {}

  @Post()
  @Operation({
    summary: 'Create or update an invoice by external id',
    description: 'What is optional and left out stays as it is. A moved due date re-plans the outreach.',
    allow: ['manager'],
    returns: withResult(invoiceResource),
  })
  upsert(@Body({ schema: invoiceInput }) input: InvoiceInput): Command<WithResult<InvoiceResource>> {
    return run((scope) => this.upsertOne(scope, input));
  }

  @Post('batch')
  @Operation({
    summary: 'Create or update up to 500 invoices',
    description: 'Each is taken or refused by itself.',
    allow: ['manager'],
    returns: batchResource,
  })
  upsertMany(@Body({ schema: invoiceBatch }) { invoices }: InvoiceBatch): Command<BatchResult> {
    return run(async (scope) => batchResult(await this.write(scope, invoices)));
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
      return this.upsertOne(scope, input);
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

  private async upsertOne(scope: Scope, input: InvoiceInput): Promise<WithResult<InvoiceResource>> {
    const [outcome] = await this.write(scope, [input]);
    const { id, result } = accepted(outcome);
    return { ...(await getInvoice(scope, id)), result };
  }

  /** New ones enter a campaign in the same transaction, where a rule takes them. */
  private async write(scope: Scope, inputs: readonly InvoiceInput[]): Promise<UpsertResult[]> {
    const results = await upsertInvoices(scope, inputs);
    const created = results.flatMap((each) => (each.result === 'created' ? [each.id] : []));
    await enrolByRules(scope, this.calendar, created, 'written');
    return results;
  }
}
