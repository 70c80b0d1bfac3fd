import { Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Response } from 'express';
import type { ApiRequest } from '../common/api-request.js';
import { Consumes } from '../common/content-type.guard.js';
import { tellReplayed } from '../common/idempotency.js';
import { Operation } from '../common/operation.js';
import { Importer } from './importer.js';
import { importKind, importQuery, importResource } from './imports.schemas.js';
import type { ImportKindName, ImportQuery, ImportResource } from './imports.schemas.js';

@Controller('imports')
export class ImportsController {
  constructor(private readonly importer: Importer) {}

  @Post(':kind')
  @Consumes('text/csv')
  @ApiBody({ schema: { type: 'string' }, description: 'A CSV file with a header, of any length' })
  @Operation({
    summary: 'Import a CSV file',
    description:
      'Good rows go in; of each other one the report says line, column, what is wrong and how to mend it. ' +
      'Importing a file again changes nothing.',
    allow: ['manager'],
    returns: importResource,
  })
  async import(
    @Param('kind', { schema: importKind }) kind: ImportKindName,
    @Query({ schema: importQuery }) query: ImportQuery,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ImportResource> {
    return tellReplayed(await this.importer.run(kind, query, request, response), response);
  }
}
