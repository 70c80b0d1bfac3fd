import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { text } from '#contracts/schemas/scalars.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { sourceSyncInput, sourceSyncResource } from './source-syncs.schemas.js';
import type { SourceSyncInput, SourceSyncResource } from './source-syncs.schemas.js';
import { listSourceSyncs, recordSourceSync } from './source-syncs.store.js';

const source = text(100).meta({ description: 'What your program is called here', example: 'accounting' });

@Controller('source-syncs')
export class SourceSyncsController {
  @Put(':source')
  @Operation({
    summary: 'Tell how far a source has been loaded',
    description: 'An earlier time than the one known changes nothing.',
    allow: ['manager'],
    returns: sourceSyncResource,
  })
  record(
    @Param('source', { schema: source }) name: string,
    @Body({ schema: sourceSyncInput }) input: SourceSyncInput,
  ): Command<SourceSyncResource> {
    return run((scope) => recordSourceSync(scope, name, input));
  }

  @Get()
  @Operation({
    summary: 'How fresh the books are',
    allow: ['viewer'],
    returns: z.object({ data: z.array(sourceSyncResource) }),
  })
  list(): Command<{ data: SourceSyncResource[] }> {
    return run(async (scope) => ({ data: await listSourceSyncs(scope) }));
  }
}
