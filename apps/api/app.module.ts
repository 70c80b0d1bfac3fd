import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Logger } from '#observability/logger.js';
import { CommonModule } from './common/common.module.js';
import type { ApiSettings } from './common/settings.js';
import { FEATURES } from './features.js';

@Module({})
export class AppModule {
  static with(settings: ApiSettings, logger: Logger): DynamicModule {
    return { module: AppModule, imports: [CommonModule.with(settings, logger), ...FEATURES] };
  }
}
