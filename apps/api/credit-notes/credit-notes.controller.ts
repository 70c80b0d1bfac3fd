import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { creditNoteInput, creditNoteResource } from '#contracts/schemas/index.js';
import type { CreditNoteInput, CreditNoteResource } from '#contracts/schemas/index.js';
import { recordCreditNote } from '#engine/facts/credit-notes.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getCreditNote, listCreditNotes } from './credit-notes.queries.js';
import type { CreditNoteFilter } from './credit-notes.queries.js';

@Controller('credit-notes')
export class CreditNotesController {
  @Post()
  @Operation({
    summary: 'Record a credit to a customer',
    description: 'By its external id: again, it changes nothing.',
    allow: ['manager'],
    returns: withResult(creditNoteResource),
  })
  record(@Body({ schema: creditNoteInput }) input: CreditNoteInput): Command<WithResult<CreditNoteResource>> {
    return run(async (scope) => {
      const { id, result } = accepted(await recordCreditNote(scope, input));
      return { ...(await getCreditNote(scope, id)), result };
    });
  }

  @Get()
  @Operation({
    summary: 'List credit notes, oldest first',
    allow: ['viewer'],
    returns: pageOf(creditNoteResource),
  })
  list(
    @Query({ schema: z.strictObject({ ...pageQuery, customer: reference }) }) query: CreditNoteFilter,
  ): Command<Page<CreditNoteResource>> {
    return run((scope) => listCreditNotes(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'A credit note and its allocations', allow: ['viewer'], returns: creditNoteResource })
  get(@Param('id') id: string): Command<CreditNoteResource> {
    return run(async (scope) => getCreditNote(scope, await idOf(scope, 'credit_note', id)));
  }
}
