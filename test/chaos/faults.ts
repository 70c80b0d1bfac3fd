import type { Fault, Provider } from '#test/support/providers/index.js';
import { type Random, randomOf } from '#test/support/random.js';

/** How often in a thousand messages; the rest are accepted and answered as they should be. */
const WEIGHTS: readonly [number, (random: Random) => Fault][] = [
  [5, () => ({ kind: 'accept_then_timeout' })],
  [14, () => ({ kind: 'accept_then_reset' })],
  [14, () => ({ kind: 'accept_then_5xx' })],
  [8, () => ({ kind: 'accept_then_half_answer' })],
  [60, slowly],
  [25, (random) => ({ kind: 'throttle', retryAfter: String(random.between(1, 4)) })],
  [10, () => ({ kind: 'reset' })],
  [3, () => ({ kind: 'silence' })],
  [8, () => ({ kind: 'reject', status: 400, code: 21612, text: 'not now' })],
];

/** SMTP's own words for a refusal; a 5yz at the end of the message is about the message, not the mailbox. */
const SMTP_REFUSAL: Fault = { kind: 'reject', status: 554, text: '5.7.1 refused', stage: 'data' };

/**
 * Has providers misbehave as the seed says: the n-th message to an address meets the same fault however fast everything
 * is. Counts what was met.
 */
export class SeededFaults {
  readonly met: Record<string, number> = {};
  private readonly counts = new Map<string, number>();
  private isOn = false;

  /** @param slow how many in a thousand are slow besides: a call that lasts is one that a kill can meet */
  constructor(
    private readonly seed: number,
    private readonly slow = 0,
  ) {}

  begin(): void {
    this.isOn = true;
  }

  end(): void {
    this.isOn = false;
  }

  plague({ name, faults }: Provider): void {
    faults.decide(({ to }) => {
      const address = `${name}/${to}`;
      const ordinal = (this.counts.get(address) ?? 0) + 1;
      this.counts.set(address, ordinal);
      if (!this.isOn) return undefined;
      const random = randomOf(this.seed, 'faults', address, ordinal);
      const fault = faultOf(random) ?? (random.chance(this.slow / 1_000) ? slowly(random) : undefined);
      if (fault) this.count(fault.kind);
      return fault?.kind === 'reject' && name === 'smtp' ? SMTP_REFUSAL : fault;
    });
  }

  count(kind: string): void {
    this.met[kind] = (this.met[kind] ?? 0) + 1;
  }
}

function slowly(random: Random): Fault {
  return { kind: 'accept_slowly', delayMs: random.between(300, 3_000) };
}

function faultOf(random: Random): Fault | undefined {
  let left = random.between(0, 999);
  return WEIGHTS.find(([weight]) => (left -= weight) < 0)?.[1](random);
}
