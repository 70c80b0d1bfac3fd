import { Controller, Get, Header, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf, pageQuery, type PageQuery } from '../common/pagination.js';
import { type ApiSettings, SETTINGS } from '../common/settings.js';
import { publishVersion, retireVersion } from './campaigns.commands.js';
import { exportVersion, getVersion, listVersions } from './campaigns.queries.js';
import {
  publishedVersionResource,
  type PublishedVersionResource,
  versionDetailResource,
  type VersionDetailResource,
  versionNumber,
  versionResource,
  type VersionResource,
} from './campaigns.schemas.js';

import { type PublishQuery, publishQuery } from './moves.schemas.js';

@Controller('campaigns/:id/versions')
export class VersionsController {
  constructor(@Inject(SETTINGS) private readonly settings: ApiSettings) {}

  @Get()
  @Operation({
    summary: 'List the versions of a campaign, newest first',
    allow: ['viewer'],
    returns: pageOf(versionResource),
  })
  list(
    @Param('id') id: string,
    @Query({ schema: z.strictObject(pageQuery) }) query: PageQuery,
  ): Command<Page<VersionResource>> {
    return run((scope) => listVersions(scope, id, query));
  }

  @Get(':number')
  @Operation({ summary: 'A version with its document', allow: ['viewer'], returns: versionDetailResource })
  get(
    @Param('id') id: string,
    @Param('number', { schema: versionNumber }) number: number,
  ): Command<VersionDetailResource> {
    return run((scope) => getVersion(scope, id, number));
  }

  @Get(':number/file')
  @Header('Content-Type', 'application/yaml; charset=utf-8')
  @Operation({ summary: 'A version as a campaign file', allow: ['viewer'], produces: 'application/yaml' })
  file(@Param('id') id: string, @Param('number', { schema: versionNumber }) number: number): Command<string> {
    return run((scope) => exportVersion(scope, id, number));
  }

  @Post(':number/publish')
  @Operation({
    summary: 'Publish a draft',
    description:
      'Checks the document and every template it uses, and fixes their versions. From then on it cannot change. ' +
      'Open enrolments of older versions stay there unless `enrolments` says otherwise. ' +
      '`warnings` names the steps of a live organisation whose media have no provider, and those whose SMS costs more than it needs to.',
    allow: ['marketer'],
    returns: publishedVersionResource,
  })
  publish(
    @Param('id') id: string,
    @Param('number', { schema: versionNumber }) number: number,
    @Query({ schema: publishQuery }) { enrolments }: PublishQuery,
  ): Command<PublishedVersionResource> {
    const { unconfiguredMedia = [] } = this.settings;
    return run((scope) => publishVersion(scope, id, number, { enrolments, unconfigured: unconfiguredMedia }));
  }

  @Post(':number/retire')
  @Operation({
    summary: 'Retire a version',
    description: 'It takes no new enrolments; those it has go on.',
    allow: ['marketer'],
    returns: versionDetailResource,
  })
  retire(
    @Param('id') id: string,
    @Param('number', { schema: versionNumber }) number: number,
  ): Command<VersionDetailResource> {
    return run((scope) => retireVersion(scope, id, number));
  }
}
