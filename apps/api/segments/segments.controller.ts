import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { customerConditions, segmentInput, segmentResource } from '#contracts/schemas/index.js';
import type { CustomerConditions, SegmentInput, SegmentResource } from '#contracts/schemas/index.js';
import { customersOf, deleteSegment, upsertSegments } from '#engine/segments/index.js';
import type { Scope } from '#engine/scope.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { Problem } from '../common/problem.js';
import { checkAddressed, idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { externalIdsOf, getSegment, listSegments } from './segments.queries.js';

const membersInput = z
  .strictObject({ filter: customerConditions })
  .meta({ description: 'Conditions on customers' });

const membersResource = z
  .object({
    count: z.int().meta({ description: 'Customers for whom all of it holds, now' }),
    customers: z.array(z.string()).meta({ description: 'External ids of the first 100' }),
  })
  .meta({ id: 'Members', description: 'Who is in a segment now' });

type Members = z.output<typeof membersResource>;

const SHOWN = 100;

const members = async (scope: Scope, filter: CustomerConditions): Promise<Members> => {
  const { count, ids } = await customersOf(scope, filter, SHOWN);
  return { count, customers: await externalIdsOf(scope, ids) };
};

const upsert = async (scope: Scope, input: SegmentInput): Promise<WithResult<SegmentResource>> => {
  const [outcome] = await upsertSegments(scope, [input]);
  const { id, result } = accepted(outcome);
  return { ...(await getSegment(scope, id)), result };
};

@Controller('segments')
export class SegmentsController {
  @Post()
  @Operation({
    summary: 'Create or update a segment by external id',
    description: 'A saved filter of customers, for rules of enrolment and for lists.',
    allow: ['manager', 'marketer'],
    returns: withResult(segmentResource),
  })
  upsert(@Body({ schema: segmentInput }) input: SegmentInput): Command<WithResult<SegmentResource>> {
    return run((scope) => upsert(scope, input));
  }

  @Post('members')
  @Operation({
    summary: 'Who would be in a segment of these conditions',
    description: 'Changes nothing.',
    allow: ['viewer'],
    returns: membersResource,
  })
  try(@Body({ schema: membersInput }) { filter }: { filter: CustomerConditions }): Command<Members> {
    return run((scope) => members(scope, filter));
  }

  @Put(':id')
  @Operation({
    summary: 'Create or update the segment of this id',
    description: 'As POST. A segment that is not there yet is addressed by `ext:`.',
    allow: ['manager', 'marketer'],
    returns: withResult(segmentResource),
  })
  put(
    @Param('id') id: string,
    @Body({ schema: segmentInput }) input: SegmentInput,
  ): Command<WithResult<SegmentResource>> {
    return run(async (scope) => {
      await checkAddressed(scope, 'segment', id, input.externalId);
      return upsert(scope, input);
    });
  }

  @Get()
  @Operation({ summary: 'List segments, oldest first', allow: ['viewer'], returns: pageOf(segmentResource) })
  list(@Query({ schema: z.strictObject(pageQuery) }) query: PageQuery): Command<Page<SegmentResource>> {
    return run((scope) => listSegments(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'A segment', allow: ['viewer'], returns: segmentResource })
  get(@Param('id') id: string): Command<SegmentResource> {
    return run(async (scope) => getSegment(scope, await idOf(scope, 'segment', id)));
  }

  @Get(':id/members')
  @Operation({ summary: 'Who is in a segment now', allow: ['viewer'], returns: membersResource })
  members(@Param('id') id: string): Command<Members> {
    return run(async (scope) => {
      const { filter } = await getSegment(scope, await idOf(scope, 'segment', id));
      return members(scope, filter);
    });
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete a segment',
    description: 'One that a rule of enrolment uses stays.',
    allow: ['manager', 'marketer'],
    returns: segmentResource,
  })
  delete(@Param('id') reference: string): Command<SegmentResource> {
    return run(async (scope) => {
      const id = await idOf(scope, 'segment', reference);
      const segment = await getSegment(scope, id);
      const users = await deleteSegment(scope, id);
      if (users.length > 0)
        throw new Problem('conflict', `Rules of enrolment use segment "${segment.externalId}".`, {
          errors: users.map((rule) => ({ path: rule, message: 'uses it; write this rule without it first' })),
        });
      return segment;
    });
  }
}
