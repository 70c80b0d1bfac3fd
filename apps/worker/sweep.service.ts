import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Sweep } from '#engine/sweep.js';
import type { Logger } from '#observability/logger.js';
import type { EngineService } from './engine.service.js';

const EVERY_MS = 60_000;

/** Sweeps once a minute; whichever replica comes first does it. */
@Injectable()
export class SweepService {
  private sweep: Sweep | undefined;
  private busy = false;

  constructor(
    private readonly engine: EngineService,
    private readonly logger: Logger,
  ) {}

  @Interval(EVERY_MS)
  async run(): Promise<void> {
    const deps = this.engine.sweepDeps();
    if (!deps || this.busy) return;
    this.busy = true;
    try {
      this.sweep ??= new Sweep(deps);
      const result = await this.sweep.run();
      if (!result) return;
      if (result.retold + result.restarted + result.redelivered + result.sought > 0)
        this.logger.warn(result, 'The sweep put workflows right.');
      if (result.unanswered > 0)
        this.logger.warn(
          result,
          'Temporal did not answer for some workflows; the sweep asks again in a later round.',
        );
    } catch (error) {
      this.logger.error({ err: error }, 'The sweep failed; it tries again in a minute.');
    } finally {
      this.busy = false;
    }
  }
}
