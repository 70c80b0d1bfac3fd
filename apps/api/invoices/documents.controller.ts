import { Controller, Get, Param, Put, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { ApiRequest } from '../common/api-request.js';
import { run } from '../common/command.js';
import { contentDisposition } from '../common/content-disposition.js';
import type { Command } from '../common/command.js';
import { Consumes } from '../common/content-type.guard.js';
import { Operation } from '../common/operation.js';
import { readBody } from '../common/read-body.js';
import { idOf } from '../common/reference.js';
import { documentQuery, documentResource } from './documents.schemas.js';
import type { DocumentQuery, DocumentResource } from './documents.schemas.js';
import { DOCUMENT_LIMIT, PDF, checkPdf, loadDocument, putDocument } from './documents.store.js';

@ApiTags('Invoices')
@Controller('invoices/:id/document')
export class DocumentsController {
  @Put()
  @Consumes(PDF)
  @ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'A PDF of 10 MB at most' })
  @Operation({
    summary: 'Upload the PDF of an invoice',
    description: 'Letters that the template allows to carry it do so from now on.',
    allow: ['manager'],
    returns: documentResource,
  })
  async upload(
    @Param('id') reference: string,
    @Query({ schema: documentQuery }) { filename }: DocumentQuery,
    @Req() request: ApiRequest,
  ): Promise<Command<DocumentResource>> {
    const content = await readBody(request, DOCUMENT_LIMIT);
    checkPdf(content);
    return run(async (scope) =>
      putDocument(scope, await idOf(scope, 'invoice', reference), filename, content),
    );
  }

  @Get()
  @Operation({ summary: 'Download the PDF of an invoice', allow: ['viewer'], produces: PDF })
  download(@Param('id') reference: string): Command<StreamableFile> {
    return run(async (scope) => {
      const { filename, contentType, content } = await loadDocument(
        scope,
        await idOf(scope, 'invoice', reference),
      );
      return new StreamableFile(content, { type: contentType, disposition: contentDisposition(filename) });
    });
  }
}
