import { setTimeout as pause } from 'node:timers/promises';
import { type Random, randomOf } from '#test/support/random.js';
import type { WebhookRequest } from '#channels/receipt.js';
import type { AcceptedMessage, Provider } from './provider.js';
import { callsOf, forged, type Telling, tellingsOf, tells } from './tellings.js';

/** Something that was told, and how Kindly answered. */
export interface Told {
  provider: string;
  key: string;
  contactId: string;
  isForged: boolean;
  /** Of the last answer; null while there was none. */
  status: number | null;
}

export interface ReceiptSenderOptions {
  seed: number | string;
  /** What Kindly is known by outside, which signatures are over; without a slash at its end. */
  publicUrl: string;
  /** Where its API listens, in fact. */
  apiUrl: string;
}

/** How long SendGrid gathers events into one call. */
const GATHER_MS = 250;
const BATCH = 50;
const RETRY_MS = 1_000;
/** Calls under way at once. */
const LANES = 4;
/** How late most are told, and the laggards. */
const SOON_MS = 4_000;
const LATE_MS = 25_000;

/**
 * Tells Kindly what became of each message that its providers took, by their own signed webhooks, in a disorder that
 * the seed decides: late, out of order, twice, never, and some forged. What is not answered by 2xx is told again, as long
 * as it takes; what is forged is told until somebody answers at all.
 */
export class ReceiptSender {
  private readonly told = new Map<string, Told>();
  private readonly counts = new Map<string, number>();
  private readonly waiting = new Map<NodeJS.Timeout, Telling>();
  private readonly queue: Telling[] = [];
  private readonly lanes: Promise<void>[] = [];
  private underWay = 0;
  private isHurried = false;
  private isClosed = false;

  constructor(private readonly options: ReceiptSenderOptions) {
    for (let lane = 0; lane < LANES; lane += 1) this.lanes.push(this.work());
  }

  /** Everything told so far, each once. */
  get all(): readonly Told[] {
    return [...this.told.values()];
  }

  watch(provider: Provider): void {
    if (tells(provider.name)) provider.onAccept((message) => this.arrange(message));
  }

  /** Tells at once from now on, what is late already too. */
  hurry(): void {
    this.isHurried = true;
    for (const [timer, telling] of this.waiting) {
      clearTimeout(timer);
      this.queue.push(telling);
    }
    this.waiting.clear();
  }

  /** Waits until all that there is to tell was answered, but for so long. @returns how much was not */
  async drain(withinMs: number): Promise<number> {
    const giveUpAt = Date.now() + withinMs;
    while (this.left() > 0 && Date.now() < giveUpAt) await pause(50);
    return this.left();
  }

  private left(): number {
    return this.queue.length + this.underWay + this.waiting.size;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const timer of this.waiting.keys()) clearTimeout(timer);
    await Promise.all(this.lanes);
  }

  private arrange(message: AcceptedMessage): void {
    const address = `${message.provider}/${message.to}`;
    const ordinal = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, ordinal);
    const random = randomOf(this.options.seed, 'receipts', address, ordinal);
    for (const telling of tellingsOf(message, random)) {
      this.later(telling, random);
      if (random.chance(0.15)) this.later(telling, random);
      if (random.chance(0.03)) this.later(forged(telling), random);
    }
  }

  private later(telling: Telling, random: Random): void {
    const delay = random.chance(0.1) ? random.between(SOON_MS, LATE_MS) : random.between(0, SOON_MS);
    this.tellAfter(telling, this.isHurried ? 0 : delay);
  }

  private tellAfter(telling: Telling, delay: number): void {
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      this.queue.push(telling);
    }, delay);
    this.waiting.set(timer, telling);
  }

  private async work(): Promise<void> {
    const { publicUrl, apiUrl } = this.options;
    while (!this.isClosed) {
      const batch = this.queue.splice(0, BATCH);
      this.underWay += batch.length;
      for (const [call, tellings] of callsOf(batch, `${publicUrl}/webhooks/sendgrid`, Date.now()))
        this.settle(tellings, await post({ ...call, url: call.url.replace(publicUrl, apiUrl) }));
      this.underWay -= batch.length;
      if (batch.length < BATCH) await pause(GATHER_MS);
    }
  }

  private settle(tellings: readonly Telling[], status: number | null): void {
    for (const telling of tellings) {
      const { provider, key, contactId, isForged } = telling;
      const before = this.told.get(key)?.status ?? null;
      // Once taken it stays taken, whatever a repetition is answered with.
      const kept = before !== null && isTaken(before) ? before : status;
      this.told.set(key, { provider, key, contactId, isForged, status: kept });
      const isAnswered = status !== null && (isTaken(status) || (isForged && status < 500));
      if (!isAnswered && !this.isClosed) this.tellAfter(telling, RETRY_MS);
    }
  }
}

const isTaken = (status: number): boolean => status >= 200 && status < 300;

/** @returns the status it was answered with; null when it was not */
async function post({ url, headers, body }: WebhookRequest): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // Kindly is down, or went down in the middle: the provider tells it again.
    return null;
  }
}
