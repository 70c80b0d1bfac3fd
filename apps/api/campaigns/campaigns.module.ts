import { Module } from '@nestjs/common';
import { CampaignsController } from './campaigns.controller.js';
import { VersionsController } from './versions.controller.js';

@Module({ controllers: [CampaignsController, VersionsController] })
export class CampaignsModule {}
