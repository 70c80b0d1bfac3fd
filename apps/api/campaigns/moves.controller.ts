import { Controller, Get, Param, Query } from '@nestjs/common';
import { readMove } from '#engine/campaigns/moves/index.js';
import type { Scope } from '#engine/scope.js';
import { CurrentCaller, type KeyCaller } from '../common/caller.js';
import { type Command, run } from '../common/command.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { Operation } from '../common/operation.js';
import { Problem } from '../common/problem.js';
import { idOf } from '../common/reference.js';
import { versionNumber } from './campaigns.schemas.js';
import {
  type MoveResource,
  moveResource,
  type PreviewQuery,
  previewQuery,
  type PreviewResource,
  previewResource,
} from './moves.schemas.js';
import { Previewing } from './previewing.js';

@Controller('campaigns/:id/versions/:number')
export class MovesController {
  constructor(private readonly previewing: Previewing) {}

  @Get('preview')
  @Operation({
    summary: 'What a publication would change',
    description:
      'Plans every open enrolment of older versions in its own version and in this one, from the facts of now, and stores nothing.',
    allow: ['viewer'],
    returns: previewResource,
  })
  preview(
    @CurrentCaller() caller: KeyCaller,
    @Param('id') id: string,
    @Param('number', { schema: versionNumber }) number: number,
    @Query({ schema: previewQuery }) query: PreviewQuery,
  ): Promise<PreviewResource> {
    return this.previewing.preview(caller, id, number, query);
  }

  @Get('move')
  @Operation({
    summary: 'How far the enrolments of older versions have moved',
    allow: ['viewer'],
    returns: moveResource,
  })
  move(
    @Param('id') id: string,
    @Param('number', { schema: versionNumber }) number: number,
  ): Command<MoveResource> {
    return run((scope) => getMove(scope, id, number));
  }
}

async function getMove(scope: Scope, reference: string, number: number): Promise<MoveResource> {
  const move = await readMove(scope, await idOf(scope, 'campaign', reference), number);
  if (!move)
    throw new Problem('not-found', `Nobody was asked to move to version ${number} of campaign ${reference}.`);
  const { requestedAt, completedAt, ...rest } = move;
  return { ...rest, requestedAt: instantText(requestedAt), completedAt: instantTextOrNull(completedAt) };
}
