import type { Instant } from './instant.js';

/**
 * What a provider tells of a message after it took it, the weakest first. A later word outranks an earlier one whatever
 * order they come in: what bounced was not delivered after all, and who complains has read it.
 */
export const RECEIPT_KINDS = [
  'accepted',
  'deferred',
  'delivered',
  'opened',
  'clicked',
  'failed',
  'bounced',
  'unsubscribed',
  'complained',
] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

/** What has become of a message, as far as receipts tell. */
export type DeliveryState = ReceiptKind;

/** A receipt, as far as the state of its message depends on it. */
export interface ReceiptFact {
  kind: ReceiptKind;
  /** Opened or clicked by a scanner, a proxy or a prefetcher: no person did anything. */
  byMachine: boolean;
  at: Instant;
}

/**
 * What a message's receipts come to, in any order and however often each is told.
 *
 * @returns null when they tell nothing
 */
export function deliveryOf(
  receipts: readonly ReceiptFact[],
): { state: DeliveryState; deliveredAt: Instant | null } | null {
  const told = receipts.filter(({ kind, byMachine }) => !byMachine || kind === 'delivered');
  const [strongest] = told.map(({ kind }) => kind).sort((a, b) => rankOf(b) - rankOf(a));
  if (!strongest) return null;
  const arrived = told.filter(({ kind }) => ARRIVED.has(kind)).map(({ at }) => at);
  return { state: strongest, deliveredAt: arrived.length > 0 ? Math.min(...arrived) : null };
}

const rankOf = (kind: ReceiptKind): number => RECEIPT_KINDS.indexOf(kind);

/** Only what arrived can be opened, followed, complained of. */
const ARRIVED: ReadonlySet<ReceiptKind> = new Set([
  'delivered',
  'opened',
  'clicked',
  'unsubscribed',
  'complained',
]);

/** Whether a message certainly never reached anybody, though a provider had taken it. */
export const isUndeliverable = (state: DeliveryState): boolean => state === 'failed' || state === 'bounced';

/** Whether a message has arrived, as far as anybody can tell. */
export const hasArrived = (state: DeliveryState): boolean => ARRIVED.has(state);

/** How it became known what became of a message that may have gone out. */
export const RESOLUTIONS = ['receipt', 'look_up', 'treated_as_sent', 'released'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
