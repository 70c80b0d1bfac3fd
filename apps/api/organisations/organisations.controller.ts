import { Body, Controller, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import {
  organisationInput,
  organisationResource,
  organisationUpdate,
  releaseInput,
  stopInput,
} from '#contracts/schemas/index.js';
import type {
  OrganisationInput,
  OrganisationResource,
  OrganisationUpdate,
  StopInput,
} from '#contracts/schemas/index.js';
import { releaseOrganisation, stopOrganisation } from '#engine/stop/index.js';
import type { ApiRequest } from '../common/api-request.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { idempotentRequestOf, tellReplayed } from '../common/idempotency.js';
import { Operation } from '../common/operation.js';
import { Founding } from './founding.js';
import { currentOrganisation, organisationBy, updateOrganisation } from './organisations.queries.js';
import { foundedResource } from './organisations.schemas.js';
import type { Founded } from './organisations.schemas.js';

@Controller('organisations')
export class OrganisationsController {
  constructor(private readonly founding: Founding) {}

  @Post()
  @Operation({
    summary: 'Create an organisation and its first key, which is shown once',
    allow: 'root',
    status: 201,
    returns: foundedResource,
  })
  async create(
    @Body({ schema: organisationInput }) input: OrganisationInput,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Founded> {
    const founded = await this.founding.found(input, idempotentRequestOf(request, response));
    return tellReplayed(founded, response);
  }

  @Get(':id')
  @Operation({ summary: 'The organisation of the key', allow: ['viewer'], returns: organisationResource })
  get(@Param('id') id: string): Command<OrganisationResource> {
    return run((scope) => organisationBy(scope, id));
  }

  @Patch(':id')
  @Operation({
    summary:
      'Change name, time zone, how long a reply pauses, the ceiling of a day, the house rules, which rules of contact policies are switched off, or how far the books may lag',
    allow: ['admin'],
    returns: organisationResource,
  })
  update(
    @Param('id') id: string,
    @Body({ schema: organisationUpdate }) update: OrganisationUpdate,
  ): Command<OrganisationResource> {
    return run((scope) => updateOrganisation(scope, id, update));
  }

  @Post(':id/stop')
  @Operation({
    summary: 'Emergency stop: nothing goes out any more',
    description:
      'Within a second, answers that somebody asked for too. Steps that come due wait for the release.',
    allow: ['manager'],
    returns: organisationResource,
  })
  stop(
    @Param('id') id: string,
    @Body({ schema: stopInput }) { reason }: StopInput,
  ): Command<OrganisationResource> {
    return run(async (scope) => {
      await organisationBy(scope, id);
      await stopOrganisation(scope, reason);
      return currentOrganisation(scope);
    });
  }

  @Post(':id/release')
  @Operation({
    summary: 'End the emergency stop of the organisation',
    description:
      'What waited goes out little by little, planned anew. A stop of the whole installation stays.',
    allow: ['manager'],
    returns: organisationResource,
  })
  release(
    @Param('id') id: string,
    @Body({ schema: releaseInput }) { reason }: { reason?: string },
  ): Command<OrganisationResource> {
    return run(async (scope) => {
      await organisationBy(scope, id);
      await releaseOrganisation(scope, reason);
      return currentOrganisation(scope);
    });
  }
}
