import { Body, Controller, Get, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { releaseInput, suppressionInput, suppressionResource } from '#contracts/schemas/index.js';
import type { Refused, SuppressionInput, SuppressionResource, Written } from '#contracts/schemas/index.js';
import { liftSuppression, suppress } from '#engine/facts/suppressions.js';
import type { Scope } from '#engine/scope.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { flag } from '../common/query-fields.js';
import { idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { exportSuppressions, getSuppression, listSuppressions } from './suppressions.queries.js';
import type { SuppressionFilter } from './suppressions.queries.js';

const suppressionQuery = z.strictObject({
  ...pageQuery,
  kind: suppressionResource.shape.kind.optional(),
  active: flag.meta({ description: 'Whether it was not lifted' }),
});

const after = async (scope: Scope, outcome: Written | Refused): Promise<WithResult<SuppressionResource>> => {
  const { id, result } = accepted(outcome);
  return { ...(await getSuppression(scope, id)), result };
};

@Controller('suppressions')
export class SuppressionsController {
  @Post()
  @Operation({
    summary: 'Send nothing to an address any more',
    description:
      'Of whichever customers it is; with `medium` or `purpose` only what is meant. Again, it changes nothing.',
    allow: ['agent', 'marketer'],
    returns: withResult(suppressionResource),
  })
  suppress(
    @Body({ schema: suppressionInput }) input: SuppressionInput,
  ): Command<WithResult<SuppressionResource>> {
    return run(async (scope) => after(scope, await suppress(scope, input)));
  }

  @Get()
  @Operation({
    summary: 'List suppressions, oldest first',
    allow: ['viewer'],
    returns: pageOf(suppressionResource),
  })
  list(@Query({ schema: suppressionQuery }) query: SuppressionFilter): Command<Page<SuppressionResource>> {
    return run((scope) => listSuppressions(scope, query));
  }

  @Get('export')
  @Operation({
    summary: 'All suppressions that stand, as a CSV file',
    description: '`POST /v1/imports/suppressions` takes it as it is: in another organisation, or again.',
    allow: ['manager'],
    produces: 'text/csv',
  })
  export(): Command<StreamableFile> {
    return run(
      async (scope) =>
        new StreamableFile(Buffer.from(await exportSuppressions(scope)), {
          type: 'text/csv; charset=utf-8',
          disposition: 'attachment; filename="suppressions.csv"',
        }),
    );
  }

  @Post(':id/lift')
  @Operation({
    summary: 'Let an address be written to again',
    description: 'Only with its owner’s consent. Again, it changes nothing.',
    allow: ['manager'],
    returns: withResult(suppressionResource),
  })
  lift(
    @Param('id') reference: string,
    @Body({ schema: releaseInput }) { reason }: { reason?: string },
  ): Command<WithResult<SuppressionResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'suppression', reference);
      return after(scope, await liftSuppression(scope, id, reason));
    });
  }
}
