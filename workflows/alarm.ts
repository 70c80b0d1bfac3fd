import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/**
 * A sleep that can be cut short: `condition` with a time limit makes a dozen promises more, and of each the SDK keeps a stack
 * trace, which was a fifth of what a step cost in the sandbox.
 */
export class Alarm {
  private scope = new CancellationScope();
  private isSet = false;
  private hasRung = false;

  /**
   * @param ms how long at most
   * @returns when the time is over, or at once when it rings
   * @throws {CancelledFailure} when the workflow itself is cancelled
   */
  async sleep(ms: number): Promise<void> {
    this.isSet = true;
    this.hasRung = false;
    try {
      await this.scope.run(() => sleep(ms));
    } catch (error) {
      if (!this.hasRung || !isCancellation(error)) throw error;
    } finally {
      this.isSet = false;
    }
  }

  /** Ends the sleep, if one has begun. */
  ring(): void {
    if (!this.isSet) return;
    const { scope } = this;
    this.scope = new CancellationScope();
    this.hasRung = true;
    scope.cancel();
  }
}
