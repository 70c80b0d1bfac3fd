import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { instant } from '#contracts/schemas/scalars.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { ledgerSummaryResource, type LedgerSummaryResource } from './ledger.schemas.js';
import { summariseLedger, type SummaryQuery } from './summary.queries.js';

const summaryQuery = z.strictObject({
  from: instant.optional().meta({ description: 'Thirty days ago unless given' }),
  to: instant.optional().meta({ description: 'Before it; without an end unless given' }),
});

@Controller('ledger')
export class LedgerSummaryController {
  @Get()
  @Operation({
    summary: 'Count messages by what became of them',
    description:
      'With the residue: messages that may have gone out and of which nobody knows. Only these can be lost.',
    allow: ['viewer'],
    returns: ledgerSummaryResource,
  })
  summary(@Query({ schema: summaryQuery }) query: SummaryQuery): Command<LedgerSummaryResource> {
    return run((scope) => summariseLedger(scope, query));
  }
}
