import { Body, Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { enrolmentRuleInput, enrolmentRuleResource } from '#contracts/schemas/index.js';
import type { EnrolmentRuleInput, EnrolmentRuleResource } from '#contracts/schemas/index.js';
import { previewRules, upsertRules } from '#engine/enrolment-rules/index.js';
import type { Scope } from '#engine/scope.js';
import type { ApiRequest } from '../common/api-request.js';
import { CurrentCaller, type KeyCaller } from '../common/caller.js';
import { type Command, run } from '../common/command.js';
import { idempotentRequestOf, tellReplayed } from '../common/idempotency.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf, type PageQuery, pageQuery } from '../common/pagination.js';
import { checkAddressed, idOf } from '../common/reference.js';
import { accepted, type WithResult, withResult } from '../common/written.js';
import { getRule, listRules } from './enrolment-rules.queries.js';
import {
  previewQuery,
  previewResource,
  type PreviewResource,
  rulesRunResource,
  type RulesRunResource,
} from './enrolment-rules.schemas.js';
import { RulesRunner } from './rules-runner.js';

const upsert = async (
  scope: Scope,
  input: EnrolmentRuleInput,
): Promise<WithResult<EnrolmentRuleResource>> => {
  const [outcome] = await upsertRules(scope, [input]);
  const { id, result } = accepted(outcome);
  return { ...(await getRule(scope, id)), result };
};

@Controller('enrolment-rules')
export class EnrolmentRulesController {
  constructor(private readonly runner: RulesRunner) {}

  @Post()
  @Operation({
    summary: 'Create or update a rule of enrolment by external id',
    description:
      'What is optional and left out stays as it is. A new rule is paused unless it says otherwise. An active one takes invoices as they are written or imported, and by night.',
    allow: ['manager'],
    returns: withResult(enrolmentRuleResource),
  })
  upsert(
    @Body({ schema: enrolmentRuleInput }) input: EnrolmentRuleInput,
  ): Command<WithResult<EnrolmentRuleResource>> {
    return run((scope) => upsert(scope, input));
  }

  @Post('run')
  @Operation({
    summary: 'Apply the active rules now, as by night',
    description: 'To everything that is open and was never enrolled. Safe to send again.',
    allow: ['manager'],
    returns: rulesRunResource,
  })
  async run(
    @CurrentCaller() caller: KeyCaller,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RulesRunResource> {
    return tellReplayed(await this.runner.run(caller, idempotentRequestOf(request, response)), response);
  }

  @Get('preview')
  @Operation({
    summary: 'What the rules would take',
    description: 'Changes nothing. Look at it with `paused=true` before a rule becomes active.',
    allow: ['viewer'],
    returns: previewResource,
  })
  preview(
    @Query({ schema: previewQuery }) { paused = false }: { paused?: boolean },
  ): Command<PreviewResource> {
    return run((scope) => previewRules(scope, paused));
  }

  @Put(':id')
  @Operation({
    summary: 'Create or update the rule of this id',
    description: 'As POST. A rule that is not there yet is addressed by `ext:`.',
    allow: ['manager'],
    returns: withResult(enrolmentRuleResource),
  })
  put(
    @Param('id') id: string,
    @Body({ schema: enrolmentRuleInput }) input: EnrolmentRuleInput,
  ): Command<WithResult<EnrolmentRuleResource>> {
    return run(async (scope) => {
      await checkAddressed(scope, 'enrolment_rule', id, input.externalId);
      return upsert(scope, input);
    });
  }

  @Get()
  @Operation({
    summary: 'List rules, in the order in which they are asked',
    allow: ['viewer'],
    returns: pageOf(enrolmentRuleResource),
  })
  list(@Query({ schema: z.strictObject(pageQuery) }) query: PageQuery): Command<Page<EnrolmentRuleResource>> {
    return run((scope) => listRules(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'A rule of enrolment', allow: ['viewer'], returns: enrolmentRuleResource })
  get(@Param('id') id: string): Command<EnrolmentRuleResource> {
    return run(async (scope) => getRule(scope, await idOf(scope, 'enrolment_rule', id)));
  }
}
