import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { workAtNight } from '#engine/enrolment-rules/index.js';
import type { Logger } from '#observability/logger.js';
import type { EngineService } from './engine.service.js';

/** Every quarter of an hour it is night somewhere: there are zones a quarter off the hour. */
const EVERY_QUARTER = '*/15 * * * *';

/** Does the work of the night of whichever organisations it is night for. */
@Injectable()
export class NightService {
  private busy = false;

  constructor(
    private readonly engine: EngineService,
    private readonly logger: Logger,
  ) {}

  @Cron(EVERY_QUARTER)
  async run(): Promise<void> {
    const deps = this.engine.nightDeps();
    if (!deps || this.busy) return;
    this.busy = true;
    try {
      await workAtNight(deps);
    } catch (error) {
      this.logger.error({ err: error }, 'The work of the night failed; it is tried again.');
    } finally {
      this.busy = false;
    }
  }
}
