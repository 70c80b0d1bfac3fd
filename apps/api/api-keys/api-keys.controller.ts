import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf, pageQuery } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { createApiKey, revokeApiKey, rotateApiKey, withoutToken } from './api-keys.commands.js';
import { listApiKeys } from './api-keys.queries.js';
import { apiKeyInput, apiKeyResource, newApiKeyResource, rotateInput } from './api-keys.schemas.js';
import type { ApiKeyInput, ApiKeyResource, NewApiKeyResource, RotateInput } from './api-keys.schemas.js';

@Controller('api-keys')
export class ApiKeysController {
  @Post()
  @Operation({
    summary: 'Create a key; it is shown once',
    allow: ['admin'],
    status: 201,
    returns: newApiKeyResource,
  })
  create(@Body({ schema: apiKeyInput }) input: ApiKeyInput): Command<NewApiKeyResource> {
    return run((scope) => createApiKey(scope, input), { remember: withoutToken });
  }

  @Get()
  @Operation({ summary: 'List keys', allow: ['admin'], returns: pageOf(apiKeyResource) })
  list(@Query({ schema: z.strictObject(pageQuery) }) query: PageQuery): Command<Page<ApiKeyResource>> {
    return run((scope) => listApiKeys(scope, query));
  }

  @Post(':id/revoke')
  @Operation({ summary: 'Revoke a key at once', allow: ['admin'], returns: apiKeyResource })
  revoke(@Param('id') id: string): Command<ApiKeyResource> {
    return run((scope) => revokeApiKey(scope, id));
  }

  @Post(':id/rotate')
  @Operation({
    summary: 'Replace a key by a new one, which is shown once',
    allow: ['admin'],
    status: 201,
    returns: newApiKeyResource,
  })
  rotate(
    @Param('id') id: string,
    @Body({ schema: rotateInput }) input: RotateInput,
  ): Command<NewApiKeyResource> {
    return run((scope) => rotateApiKey(scope, id, input), { remember: withoutToken });
  }
}
