import type { Instant } from '#domain/instant.js';

/** Something that happens on the advanced clock besides steps coming due. */
export interface TimedEvent {
  at: Instant;
  /** At one instant enrolments come before facts, and both before steps. */
  kind: 'enrolment' | 'fact';
  customer: string;
  dueOn: string;
  invoice: string;
  apply(): Promise<void>;
}

/** A step that is due, by names given from outside: the order must repeat on any installation. */
export interface DueStep {
  customer: string;
  dueOn: string;
  invoice: string;
  /** Lets the enrolment do all that is due for it, and waits until it is settled. */
  run(): Promise<void>;
}

/** A test organisation as the clock's driver sees it: the real engine, or the simulation. */
export interface ClockWorld {
  now(): Promise<Instant>;
  setClock(to: Instant): Promise<void>;
  /** The earliest moment at which an open enrolment has something to do. */
  nextDue(): Promise<Instant | null>;
  /** Enrolments that have something to do at the clock's present time, in any order. */
  due(): Promise<DueStep[]>;
}

export interface TimelineOptions {
  /** Stop at this moment; when absent, when nothing is left to happen. */
  until?: Instant;
  /** Stop early, between two moments, when this says so. */
  shouldPause?: () => boolean;
  onMoment?: (at: Instant) => void | Promise<void>;
}

type Named = Pick<TimedEvent, 'customer' | 'dueOn' | 'invoice'>;

/** By code units, so that it is the same in every locale: customer, due date, invoice. */
export const byName = (a: Named, b: Named): number =>
  compare(a.customer, b.customer) || compare(a.dueOn, b.dueOn) || compare(a.invoice, b.invoice);

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byTime = (a: TimedEvent, b: TimedEvent): number =>
  a.at - b.at || compare(a.kind, b.kind) || byName(a, b);

/**
 * Advances a frozen clock from moment to moment: the earliest event or due step sets it, everything due then happens
 * in one order, each settling before the next.
 *
 * @returns the clock's last time, and whether `until` (or the end) was reached
 */
export async function runTimeline(
  world: ClockWorld,
  events: readonly TimedEvent[],
  options: TimelineOptions = {},
): Promise<{ now: Instant; reached: boolean }> {
  const queue = [...events].sort(byTime);
  const until = options.until ?? Infinity;
  let now = await world.now();
  for (let next = 0; ;) {
    const at = Math.max(now, Math.min(queue[next]?.at ?? Infinity, (await world.nextDue()) ?? Infinity));
    if (at > until || at === Infinity) break;
    if (options.shouldPause?.()) return { now, reached: false };
    if (at > now) await world.setClock(at);
    now = at;
    await options.onMoment?.(now);
    while (next < queue.length && (queue[next]?.at ?? Infinity) <= now) await queue[next++]?.apply();
    for (const step of (await world.due()).sort(byName)) await step.run();
  }
  if (until !== Infinity && until > now) await world.setClock(until);
  return { now: until === Infinity ? now : Math.max(now, until), reached: true };
}
