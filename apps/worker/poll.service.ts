import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { pollReceipts } from '#engine/receipts/index.js';
import type { Logger } from '#observability/logger.js';
import type { EngineService } from './engine.service.js';

const EVERY_MS = 10_000;
/** One a second and replica, so that an outage of webhooks drains steadily. */
const AT_ONCE = 10;

/** Asks providers for receipts that did not come. Replicas share the work: each message is claimed by one. */
@Injectable()
export class PollService {
  private busy = false;

  constructor(
    private readonly engine: EngineService,
    private readonly logger: Logger,
  ) {}

  @Interval(EVERY_MS)
  async run(): Promise<void> {
    const deps = this.engine.pollDeps();
    if (!deps || this.busy) return;
    this.busy = true;
    try {
      const polled = await pollReceipts(deps, AT_ONCE, Date.now());
      if (polled.learnt > 0) this.logger.info(polled, 'Providers were asked for receipts that did not come.');
    } catch (error) {
      this.logger.error({ err: error }, 'Providers could not be asked for receipts; it tries again.');
    } finally {
      this.busy = false;
    }
  }
}
