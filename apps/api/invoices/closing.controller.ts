import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { closeInvoiceInput, invoiceResource } from '#contracts/schemas/index.js';
import type { InvoiceResource } from '#contracts/schemas/index.js';
import { cancelInvoice, reinstateInvoice, writeOffInvoice } from '#engine/facts/invoice-status.js';
import type { Why } from '#engine/facts/invoice-status.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getInvoice } from './invoices.queries.js';

type Change = typeof cancelInvoice;

const apply = (change: Change, reference: string, why: Why): Command<WithResult<InvoiceResource>> =>
  run(async (scope) => {
    const id = await idOf(scope, 'invoice', reference);
    const { result } = accepted(await change(scope, { id }, why));
    return { ...(await getInvoice(scope, id)), result };
  });

const returns = withResult(invoiceResource);

/** Ends of an invoice other than by its payment. */
@ApiTags('Invoices')
@Controller('invoices/:id')
export class ClosingController {
  @Post('cancel')
  @Operation({
    summary: 'Cancel an invoice that was wrong',
    description: "It is owed no more; what was paid to it is the customer's again.",
    allow: ['manager'],
    returns,
  })
  cancel(
    @Param('id') id: string,
    @Body({ schema: closeInvoiceInput }) why: Why,
  ): Command<WithResult<InvoiceResource>> {
    return apply(cancelInvoice, id, why);
  }

  @Post('write-off')
  @Operation({ summary: 'Give up what is still open', allow: ['manager'], returns })
  writeOff(
    @Param('id') id: string,
    @Body({ schema: closeInvoiceInput }) why: Why,
  ): Command<WithResult<InvoiceResource>> {
    return apply(writeOffInvoice, id, why);
  }

  @Post('reinstate')
  @Operation({ summary: 'Owe a written-off invoice again', allow: ['manager'], returns })
  reinstate(
    @Param('id') id: string,
    @Body({ schema: closeInvoiceInput }) why: Why,
  ): Command<WithResult<InvoiceResource>> {
    return apply(reinstateInvoice, id, why);
  }
}
