import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '#test/support/providers/index.js';
import { callsOf, type Telling, tellingOf } from '#test/support/providers/tellings.js';
import { tell } from './tell.js';

/** How long SendGrid gathers events into one call, and the most of them. */
const GATHER_MS = 250;
const BATCH = 50;
/** After it was delivered, which is at once. */
const OPENED_AFTER_MS = 1_000;

/** Tells Kindly of every message that a provider takes that it was delivered, and soon that it was opened. */
export class ReceiptFlow {
  /** Receipts that Kindly has stored. */
  stored = 0;
  private waiting: { telling: Telling; at: number }[] = [];
  private isFlowing = false;

  constructor(
    provider: Provider,
    private readonly apiUrl: string,
  ) {
    provider.onAccept((message) => {
      if (!this.isFlowing) return;
      const now = Date.now();
      const later = (telling: Telling, ms: number) => ({ telling, at: now + ms });
      this.waiting.push(
        ...tellingOf(message, 'delivered').map((each) => later(each, 0)),
        ...tellingOf(message, 'opened').map((each) => later(each, OPENED_AFTER_MS)),
      );
    });
  }

  /** @returns what the work comes to, when everything that there was to tell meanwhile is told */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.isFlowing = true;
    const [result] = await Promise.all([work().finally(() => (this.isFlowing = false)), this.tellAll()]);
    return result;
  }

  private async tellAll(): Promise<void> {
    while (this.isFlowing || this.waiting.length > 0) {
      const due = this.takeDue();
      for (const [call] of callsOf(due, `${this.apiUrl}/webhooks/sendgrid`, Date.now()))
        this.stored += await tell(call);
      if (due.length < BATCH) await sleep(GATHER_MS);
    }
  }

  private takeDue(): Telling[] {
    const now = Date.now();
    const due = this.waiting.filter(({ at }) => at <= now).slice(0, BATCH);
    this.waiting = this.waiting.filter((each) => !due.includes(each));
    return due.map(({ telling }) => telling);
  }
}
