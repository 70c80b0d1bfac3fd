import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { handOverPack, type HandOverPack } from '#contracts/schemas/index.js';
import { handOverPdf } from '#documents/index.js';
import { readPack } from '#engine/hand-over/index.js';
import type { Scope } from '#engine/scope.js';
import { type Command, run } from '../common/command.js';
import { contentDisposition } from '../common/content-disposition.js';
import { Operation } from '../common/operation.js';
import { idOf, notFound } from '../common/reference.js';

const PDF = 'application/pdf';

const packOf = async (scope: Scope, reference: string): Promise<HandOverPack> => {
  const pack = await readPack(scope, await idOf(scope, 'invoice', reference));
  if (!pack) throw notFound('invoice', reference);
  return pack;
};

@ApiTags('Invoices')
@Controller('invoices/:id')
export class HandOverController {
  @Get('hand-over-pack')
  @Operation({
    summary: 'Everything said and paid about an invoice',
    description:
      'For a lawyer, an agency or a colleague who goes on from here. All of it is of one moment. What the customer wrote about no invoice in particular is in it too.',
    allow: ['agent', 'marketer'],
    returns: handOverPack,
  })
  pack(@Param('id') reference: string): Command<HandOverPack> {
    return run((scope) => packOf(scope, reference));
  }

  @Get('hand-over-pack.pdf')
  @Operation({
    summary: 'Everything said and paid about an invoice, as a PDF',
    description: 'The same as the pack, to be read; times are those of the customer’s clock.',
    allow: ['agent', 'marketer'],
    produces: PDF,
  })
  pdf(@Param('id') reference: string): Command<StreamableFile> {
    return run(async (scope) => {
      const pack = await packOf(scope, reference);
      return new StreamableFile(await handOverPdf(pack), {
        type: PDF,
        disposition: contentDisposition(`hand-over-${pack.invoice.number}.pdf`),
      });
    });
  }
}
