import { Module } from '@nestjs/common';
import { CampaignsController } from './campaigns.controller.js';
import { MovesController } from './moves.controller.js';
import { Previewing } from './previewing.js';
import { VersionsController } from './versions.controller.js';

@Module({
  controllers: [CampaignsController, VersionsController, MovesController],
  providers: [Previewing],
})
export class CampaignsModule {}
