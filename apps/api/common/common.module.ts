import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { Logger } from '#observability/logger.js';
import { AuthGuard } from './auth.guard.js';
import { CALENDAR, calendarProvider } from './calendar.js';
import { CommandInterceptor } from './command.interceptor.js';
import { ContentTypeGuard } from './content-type.guard.js';
import { Database } from './database.js';
import { KeyLookup } from './key-lookup.js';
import { ProblemFilter } from './problem.filter.js';
import { LOGGER, SETTINGS } from './settings.js';
import type { ApiSettings } from './settings.js';
import { ValidationPipe } from './validation.pipe.js';

/** What every request passes through. */
@Global()
@Module({})
export class CommonModule {
  static with(settings: ApiSettings, logger: Logger): DynamicModule {
    return {
      module: CommonModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        calendarProvider,
        Database,
        KeyLookup,
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_GUARD, useClass: ContentTypeGuard },
        { provide: APP_INTERCEPTOR, useClass: CommandInterceptor },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [SETTINGS, LOGGER, CALENDAR, Database],
    };
  }
}
