import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import type { Config } from '#config/config.js';
import type { Logger } from '#observability/logger.js';
import { EngineService } from './engine.service.js';
import { NightService } from './night.service.js';
import { PollService } from './poll.service.js';
import { SweepService } from './sweep.service.js';

/** The worker process, wired from its configuration. */
@Module({})
export class WorkerModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: WorkerModule,
      imports: [ScheduleModule.forRoot()],
      providers: [
        { provide: EngineService, useFactory: () => new EngineService(config, logger) },
        {
          provide: PollService,
          inject: [EngineService],
          useFactory: (engine: EngineService) => new PollService(engine, logger),
        },
        {
          provide: NightService,
          inject: [EngineService],
          useFactory: (engine: EngineService) => new NightService(engine, logger),
        },
        {
          provide: SweepService,
          inject: [EngineService],
          useFactory: (engine: EngineService) => new SweepService(engine, logger),
        },
      ],
    };
  }
}
