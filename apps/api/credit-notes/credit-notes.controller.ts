import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { allocateInput, creditNoteInput, creditNoteResource, keepInput } from '#contracts/schemas/index.js';
import type {
  AllocateInput,
  CreditNoteInput,
  CreditNoteResource,
  KeepInput,
  Refused,
  Written,
} from '#contracts/schemas/index.js';
import { allocateMoney } from '#engine/facts/allocate.js';
import { recordCreditNote } from '#engine/facts/credit-notes.js';
import { keepAsCredit } from '#engine/facts/keep-as-credit.js';
import type { Scope } from '#engine/scope.js';
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

const after = async (scope: Scope, outcome: Written | Refused): Promise<WithResult<CreditNoteResource>> => {
  const { id, result } = accepted(outcome);
  return { ...(await getCreditNote(scope, id)), result };
};

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
    return run(async (scope) => after(scope, await recordCreditNote(scope, input)));
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

  @Post(':id/allocate')
  @Operation({
    summary: 'Apply what is not allocated yet to invoices',
    description: 'By named amounts, or to what is open, the oldest due date first.',
    allow: ['manager'],
    returns: withResult(creditNoteResource),
  })
  allocate(
    @Param('id') reference: string,
    @Body({ schema: allocateInput }) input: AllocateInput,
  ): Command<WithResult<CreditNoteResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'credit_note', reference);
      return after(scope, await allocateMoney(scope, 'credit_note', { id }, input));
    });
  }

  @Post(':id/keep-as-credit')
  @Operation({
    summary: "Keep what is not allocated as the customer's credit",
    description: 'It holds no outreach back then. `keep: false` takes that back.',
    allow: ['manager'],
    returns: withResult(creditNoteResource),
  })
  keep(
    @Param('id') reference: string,
    @Body({ schema: keepInput }) { keep = true, reason }: KeepInput,
  ): Command<WithResult<CreditNoteResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'credit_note', reference);
      return after(scope, await keepAsCredit(scope, 'credit_note', { id }, keep, reason));
    });
  }
}
