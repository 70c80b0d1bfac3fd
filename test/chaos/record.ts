import { randomOf } from '#test/support/random.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import type { PlannedFact } from './plan.js';
import { amountOf, CURRENCY, invoiceName, pointsOf, totalOf, type World } from './world.js';

export interface Recorded {
  /** By kind. */
  taken: Record<string, number>;
  /** Refused by the product's own rules, as a payment of what was cancelled. */
  refused: Record<string, number>;
}

interface Request {
  path: string;
  body: object;
}

/** Records planned facts at their moments, by the API; one that takes another back waits for it. */
export class Recorder {
  readonly recorded: Recorded = { taken: {}, refused: {} };
  private readonly done = new Map<string, Promise<string | null>>();

  constructor(
    private readonly world: World,
    private readonly seed: number,
  ) {}

  async record(facts: readonly PlannedFact[], started: number): Promise<void> {
    const all: Promise<unknown>[] = [];
    for (const fact of facts) {
      await this.world.client.pause(started + fact.at - Date.now());
      const recorded = this.one(fact);
      this.done.set(fact.key, recorded);
      all.push(recorded);
    }
    await Promise.all(all);
  }

  /** Closes open call tasks, as people would; which of them, and how, is decided by invoice. */
  async answerCalls(until: number): Promise<void> {
    const answered = new Set<string>();
    const { client } = this.world;
    while (Date.now() < until) {
      const { body } = await client.get<{ data: { id: string; invoiceExternalId: string }[] }>(
        '/v1/tasks?state=open&kind=call&limit=100',
      );
      for (const { id, invoiceExternalId } of body.data ?? []) {
        const outcome = this.outcomeOf(invoiceExternalId);
        if (answered.has(id) || !outcome) continue;
        answered.add(id);
        const { status } = await client.post(`/v1/tasks/${id}/outcome`, outcome, `outcome-${id}`);
        this.count(`call: ${outcome.outcome}`, status);
      }
      await client.pause(1_000);
    }
  }

  private outcomeOf(invoice: string): { outcome: string } | null {
    const random = randomOf(this.seed, 'call', invoice);
    if (random.chance(0.6)) return null;
    const promisedOn = addDays(localDateOf(Date.now(), 'UTC'), 7);
    return random.pick([
      { outcome: 'no_answer' },
      { outcome: 'reached' },
      { outcome: 'promise', amount: '50.00', promisedOn, confirmBy: 'email' },
      { outcome: 'dispute', reason: 'not delivered' },
    ]);
  }

  /** @returns the id of what was written; null when it was refused */
  private async one(fact: PlannedFact): Promise<string | null> {
    const request = await this.requestOf(fact);
    if (!request) return null;
    const { status, body } = await this.world.client.post<{ id: string }>(
      request.path,
      request.body,
      fact.key,
    );
    this.count(fact.kind, status);
    return status < 300 ? body.id : null;
  }

  private count(kind: string, status: number): void {
    const counts = status < 300 ? this.recorded.taken : this.recorded.refused;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }

  private async requestOf(fact: PlannedFact): Promise<Request | null> {
    const before = 'after' in fact ? await this.done.get(fact.after) : undefined;
    if (before === null) return null;
    const reason = { reason: 'chaos' };
    switch (fact.kind) {
      case 'pay':
        return { path: '/v1/payments', body: paymentOf(fact.key, fact.invoice, fact.percent, fact.pending) };
      case 'post':
        return { path: '/v1/payments', body: paymentOf(fact.after, fact.invoice, 100, false) };
      case 'reverse':
        return { path: `/v1/payments/ext:${fact.after}/reverse`, body: reason };
      case 'hold':
        return { path: '/v1/holds', body: this.holdOf(fact) };
      case 'release':
        return { path: `/v1/holds/${before}/release`, body: reason };
      case 'suppress':
        return this.suppressionOf(fact);
      case 'cancel':
      case 'write-off':
      case 'reinstate':
        return { path: `/v1/invoices/ext:${invoiceName(fact.invoice)}/${fact.kind}`, body: reason };
    }
  }

  private holdOf({ hold, invoice, forMs }: Extract<PlannedFact, { kind: 'hold' }>): object {
    const expiresAt = forMs === null ? {} : { expiresAt: new Date(Date.now() + forMs).toISOString() };
    return { kind: hold, invoiceExternalId: invoiceName(invoice), ...expiresAt };
  }

  private suppressionOf({ customer, point }: Extract<PlannedFact, { kind: 'suppress' }>): Request | null {
    const value = pointsOf(this.seed, customer)[point];
    if (value === undefined) return null;
    return { path: '/v1/suppressions', body: { kind: point, value, reason: 'opted out' } };
  }
}

const paymentOf = (externalId: string, invoice: number, percent: number, pending: boolean): object => ({
  externalId,
  invoiceExternalId: invoiceName(invoice),
  amount: amountOf(Math.round((totalOf(invoice) * percent) / 100)),
  currency: CURRENCY,
  status: pending ? 'pending' : 'posted',
});
