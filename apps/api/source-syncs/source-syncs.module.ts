import { Module } from '@nestjs/common';
import { SourceSyncsController } from './source-syncs.controller.js';

@Module({ controllers: [SourceSyncsController] })
export class SourceSyncsModule {}
