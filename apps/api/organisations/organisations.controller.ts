import { Body, Controller, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { organisationInput, organisationResource, organisationUpdate } from '#contracts/schemas/index.js';
import type {
  OrganisationInput,
  OrganisationResource,
  OrganisationUpdate,
} from '#contracts/schemas/index.js';
import type { ApiRequest } from '../common/api-request.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { idempotentRequestOf, tellReplayed } from '../common/idempotency.js';
import { Operation } from '../common/operation.js';
import { Founding } from './founding.js';
import { organisationBy, updateOrganisation } from './organisations.queries.js';
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
  @Operation({ summary: 'Change name or time zone', allow: ['admin'], returns: organisationResource })
  update(
    @Param('id') id: string,
    @Body({ schema: organisationUpdate }) update: OrganisationUpdate,
  ): Command<OrganisationResource> {
    return run((scope) => updateOrganisation(scope, id, update));
  }
}
