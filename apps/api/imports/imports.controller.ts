import { Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Response } from 'express';
import type { ApiRequest } from '../common/api-request.js';
import { Consumes } from '../common/content-type.guard.js';
import { tellReplayed } from '../common/idempotency.js';
import { Operation } from '../common/operation.js';
import { Importer } from './importer.js';
import {
  importKind,
  importQuery,
  importResource,
  snapshotQuery,
  snapshotResource,
} from './imports.schemas.js';
import type {
  ImportKindName,
  ImportQuery,
  ImportResource,
  SnapshotQuery,
  SnapshotResource,
} from './imports.schemas.js';

@Controller('imports')
export class ImportsController {
  constructor(private readonly importer: Importer) {}

  @Post('open-items')
  @Consumes('text/csv')
  @ApiBody({ schema: { type: 'string' }, description: 'A CSV file with externalId, open and currency' })
  @Operation({
    summary: 'Bring what is open in line with a list of all that the books have as open',
    description:
      'What is missing in the list is settled; what is owed less of, lowered; what a later list has again, open again. ' +
      'More missing than `maxDrop` allows is refused with what is missing, and nothing is applied. The list is taken whole or not at all; ' +
      'sending it again changes nothing.',
    allow: ['manager'],
    returns: snapshotResource,
  })
  async snapshot(
    @Query({ schema: snapshotQuery }) query: SnapshotQuery,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SnapshotResource> {
    return tellReplayed(await this.importer.snapshot(query, request, response), response);
  }

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
