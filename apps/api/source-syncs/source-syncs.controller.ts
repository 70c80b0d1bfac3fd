import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { sourceSyncInput, sourceSyncResource } from '#contracts/schemas/index.js';
import type { SourceSyncInput, SourceSyncResource } from '#contracts/schemas/index.js';
import { externalId } from '#contracts/schemas/scalars.js';
import { parseInstant } from '#domain/instant.js';
import { forgetSource, readBooks, recordSourceSync } from '#engine/facts/source-syncs.js';
import type { Scope } from '#engine/scope.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { instantText } from '../common/instant-text.js';
import { Operation } from '../common/operation.js';
import { Problem } from '../common/problem.js';

const booksResource = z
  .object({
    isStale: z.boolean().meta({
      description: 'The source that lags most is older than the organisation allows: nothing goes out',
    }),
    sources: z.array(sourceSyncResource),
  })
  .meta({ description: 'How fresh the books are' });

interface BooksResource {
  isStale: boolean;
  sources: SourceSyncResource[];
}

const booksOf = async (scope: Scope): Promise<BooksResource> => {
  const { isStale, sources } = await readBooks(scope);
  return {
    isStale,
    sources: sources.map(({ source, completeThrough, recordedAt }) => ({
      source,
      completeThrough: instantText(new Date(completeThrough)),
      recordedAt: instantText(new Date(recordedAt)),
    })),
  };
};

/** Clocks differ by minutes, not by more. */
const AHEAD_MS = 300_000;

@Controller('source-syncs')
export class SourceSyncsController {
  @Get()
  @Operation({ summary: 'How fresh the books are, by source', allow: ['viewer'], returns: booksResource })
  list(): Command<BooksResource> {
    return run(booksOf);
  }

  @Put(':source')
  @Operation({
    summary: 'Tell until when the payments of a source are known',
    description:
      'Say it after every import of payments, also when there were none. Where the organisation has `booksMayLag`, outreach waits while the source that lags most is older, and goes on little by little afterwards.',
    allow: ['manager'],
    returns: booksResource,
  })
  put(
    @Param('source', { schema: externalId }) source: string,
    @Body({ schema: sourceSyncInput }) input: SourceSyncInput,
  ): Command<BooksResource> {
    return run(async (scope) => {
      if (parseInstant(input.completeThrough) > scope.now + AHEAD_MS)
        throw new Problem('unprocessable', 'completeThrough lies in the future.', {
          errors: [
            { path: 'completeThrough', message: 'lies in the future; write until when payments are known' },
          ],
        });
      await recordSourceSync(scope, source, input);
      return booksOf(scope);
    });
  }

  @Delete(':source')
  @Operation({
    summary: 'Forget a source that is no more',
    description: 'It is not waited for any longer.',
    allow: ['manager'],
    returns: booksResource,
  })
  forget(@Param('source') source: string): Command<BooksResource> {
    return run(async (scope) => {
      if (!(await forgetSource(scope, source)))
        throw new Problem('not-found', `There is no source ${source}.`, {
          remedy: 'GET /v1/source-syncs lists them.',
        });
      return booksOf(scope);
    });
  }
}
