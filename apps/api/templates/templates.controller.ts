import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import {
  previewResource,
  type PreviewResource,
  savedTemplateResource,
  type SavedTemplateResource,
  templateDetailResource,
  type TemplateDetailResource,
  templateInput,
  type TemplateInput,
  templateKey,
  templateLocale,
  templateResource,
  type TemplateResource,
} from './templates.schemas.js';
import { previewOf, readPreview, readTemplate, readTemplates, writeTemplate } from './templates.service.js';

@Controller('templates')
export class TemplatesController {
  @Get()
  @Operation({
    summary: 'List the templates a campaign may use, own and shipped',
    allow: ['viewer'],
    returns: z.object({ data: z.array(templateResource) }),
  })
  list(): Command<{ data: TemplateResource[] }> {
    return run(readTemplates);
  }

  @Put(':key/:locale')
  @Operation({
    summary: 'Save a template',
    description:
      'Checked and compiled; published campaign versions keep the version they were published with. ' +
      '`warnings` says what makes its SMS cost more than it needs to.',
    allow: ['marketer'],
    returns: savedTemplateResource,
  })
  save(
    @Param('key', { schema: templateKey }) key: string,
    @Param('locale', { schema: templateLocale }) locale: string,
    @Body({ schema: templateInput }) input: TemplateInput,
  ): Command<SavedTemplateResource> {
    return run((scope) => writeTemplate(scope, key, locale, input));
  }

  @Get(':key/:locale')
  @Operation({ summary: 'A template as it was written', allow: ['viewer'], returns: templateDetailResource })
  get(
    @Param('key', { schema: templateKey }) key: string,
    @Param('locale', { schema: templateLocale }) locale: string,
  ): Command<TemplateDetailResource> {
    return run((scope) => readTemplate(scope, key, locale));
  }

  @Get(':key/:locale/preview')
  @Operation({
    summary: 'What a template says to a made-up customer',
    allow: ['viewer'],
    returns: previewResource,
  })
  preview(
    @Param('key', { schema: templateKey }) key: string,
    @Param('locale', { schema: templateLocale }) locale: string,
  ): Command<PreviewResource> {
    return run((scope) => readPreview(scope, key, locale));
  }

  @Post(':key/:locale/preview')
  @Operation({
    summary: 'Check and preview a template without saving it',
    allow: ['viewer'],
    safe: true,
    returns: previewResource,
  })
  previewDraft(
    @Param('key', { schema: templateKey }) key: string,
    @Param('locale', { schema: templateLocale }) locale: string,
    @Body({ schema: templateInput }) input: TemplateInput,
  ): Promise<PreviewResource> {
    return previewOf(key, locale, input);
  }
}
