import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { z } from 'zod';
import { campaignJsonSchema, pauseCampaign, resumeCampaign } from '#engine/campaigns/index.js';
import type { ApiRequest } from '../common/api-request.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf, pageQuery, type PageQuery } from '../common/pagination.js';
import { idOf } from '../common/reference.js';
import { readCampaign, TakesCampaignFile } from './campaign-body.js';
import { createDraft, importDraft } from './campaigns.commands.js';
import { getCampaign, listCampaigns } from './campaigns.queries.js';
import {
  campaignResource,
  type CampaignResource,
  draftInput,
  type DraftInput,
  importQuery,
  type ImportQuery,
  validationResource,
  type ValidationResource,
  versionDetailResource,
  type VersionDetailResource,
} from './campaigns.schemas.js';
import { type PauseInput, pauseInput, type ResumeInput, resumeInput } from './pause.schemas.js';

@Controller('campaigns')
export class CampaignsController {
  @Post()
  @Operation({ summary: 'Store a draft', allow: ['marketer'], status: 201, returns: versionDetailResource })
  create(@Body({ schema: draftInput }) input: DraftInput): Command<VersionDetailResource> {
    return run((scope) => createDraft(scope, input));
  }

  @Post('import')
  @TakesCampaignFile()
  @Operation({
    summary: 'Store a campaign file as a draft',
    allow: ['marketer'],
    status: 201,
    returns: versionDetailResource,
  })
  async import(
    @Req() request: ApiRequest,
    @Query({ schema: importQuery }) query: ImportQuery,
  ): Promise<Command<VersionDetailResource>> {
    const file = await readCampaign(request);
    return run((scope) => importDraft(scope, query.externalId, file));
  }

  @Post('validate')
  @TakesCampaignFile()
  @Operation({
    summary: 'Check a campaign file without storing it',
    allow: ['viewer'],
    safe: true,
    returns: validationResource,
  })
  async validate(@Req() request: ApiRequest): Promise<ValidationResource> {
    const file = await readCampaign(request);
    return { valid: file.ok, problems: file.ok ? [] : file.problems };
  }

  @Get()
  @Operation({ summary: 'List campaigns', allow: ['viewer'], returns: pageOf(campaignResource) })
  list(@Query({ schema: z.strictObject(pageQuery) }) query: PageQuery): Command<Page<CampaignResource>> {
    return run((scope) => listCampaigns(scope, query));
  }

  @Get('schema')
  @Operation({
    summary: 'The JSON Schema of a campaign file',
    allow: 'public',
    returns: z.record(z.string(), z.unknown()),
  })
  schema(): Record<string, unknown> {
    return campaignJsonSchema();
  }

  @Get(':id')
  @Operation({ summary: 'A campaign', allow: ['viewer'], returns: campaignResource })
  get(@Param('id') id: string): Command<CampaignResource> {
    return run((scope) => getCampaign(scope, id));
  }

  @Post(':id/pause')
  @Operation({
    summary: 'Pause a campaign',
    description:
      'Every step of it that comes due is kept back until it is resumed; nobody is thrown out, and payments go on being noticed.',
    allow: ['marketer'],
    returns: campaignResource,
  })
  pause(
    @Param('id') id: string,
    @Body({ schema: pauseInput }) { reason }: PauseInput,
  ): Command<CampaignResource> {
    return run(async (scope) => {
      await pauseCampaign(scope, await idOf(scope, 'campaign', id), reason);
      return getCampaign(scope, id);
    });
  }

  @Post(':id/resume')
  @Operation({
    summary: 'Resume a campaign',
    description: 'What waited comes out one by one, with the distances of the ladder.',
    allow: ['marketer'],
    returns: campaignResource,
  })
  resume(
    @Param('id') id: string,
    @Body({ schema: resumeInput }) { reason }: ResumeInput,
  ): Command<CampaignResource> {
    return run(async (scope) => {
      await resumeCampaign(scope, await idOf(scope, 'campaign', id), reason);
      return getCampaign(scope, id);
    });
  }
}
