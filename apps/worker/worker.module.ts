import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import type { Logger } from '#observability/logger.js';
import { EngineService } from './engine.service.js';

/** The worker process, wired from its configuration. */
@Module({})
export class WorkerModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: WorkerModule,
      providers: [{ provide: EngineService, useFactory: () => new EngineService(config, logger) }],
    };
  }
}
