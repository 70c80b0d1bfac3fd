import type { Instant } from './instant.js';
import { sumMinor } from './money.js';

/** Money applied to one part of an invoice, in minor units of the invoice's currency. */
export interface AllocationInput {
  amount: number;
  /** When it was taken back; null while it stands. A reversed allocation counts for nothing. */
  reversedAt: Instant | null;
  /** Its payment is announced but not yet on the books: it reserves the part without paying it. */
  pending?: boolean;
}

/** One dated part of an invoice with what was applied to it. An invoice without instalments has one part. */
export interface PartBalanceInput {
  sequence: number;
  amount: number;
  allocations: readonly AllocationInput[];
}

/** Minor units. `total` = `paid` + `open`; `pending` is the share of `open` that is announced but not posted. */
export interface Balance {
  total: number;
  paid: number;
  pending: number;
  open: number;
  /** Every part is paid in full by posted money. */
  settled: boolean;
}

/** More was applied to a part than it owes: the excess belongs to the customer as unallocated cash. */
export interface OverAllocation {
  kind: 'over_allocated';
  sequence: number;
  amount: number;
  /** Standing allocations of the part, pending ones included. */
  allocated: number;
}

export type BalanceResult = { ok: true; balance: Balance } | { ok: false; error: OverAllocation };

/**
 * What is paid and open of one part.
 *
 * @throws RangeError when an amount is no safe integer, or an allocation is not more than zero.
 */
export function partBalance({ sequence, amount, allocations }: PartBalanceInput): BalanceResult {
  const standing = allocations.filter(({ reversedAt }) => reversedAt === null);
  for (const allocation of standing) requirePositive(allocation.amount, sequence);
  const sumOf = (pending: boolean): number =>
    sumMinor(standing.filter((one) => (one.pending ?? false) === pending).map((one) => one.amount));
  const [paid, pending] = [sumOf(false), sumOf(true)];
  if (paid + pending > amount) {
    return { ok: false, error: { kind: 'over_allocated', sequence, amount, allocated: paid + pending } };
  }
  const open = sumMinor([amount, -paid]);
  return { ok: true, balance: { total: amount, paid, pending, open, settled: open === 0 } };
}

/**
 * The balance of an invoice: the sum of its parts, each of which is paid only by what was allocated to it. So the
 * payment of the last instalment alone settles nothing but that instalment. An invoice of no parts owes nothing and
 * is settled. The first over-allocated part in order is the error.
 *
 * @throws RangeError as {@link partBalance}.
 */
export function invoiceBalance(parts: readonly PartBalanceInput[]): BalanceResult {
  const balances: Balance[] = [];
  for (const part of parts) {
    const result = partBalance(part);
    if (!result.ok) return result;
    balances.push(result.balance);
  }
  const sumOf = (key: 'total' | 'paid' | 'pending' | 'open'): number =>
    sumMinor(balances.map((one) => one[key]));
  const settled = balances.every((one) => one.settled);
  return {
    ok: true,
    balance: {
      total: sumOf('total'),
      paid: sumOf('paid'),
      pending: sumOf('pending'),
      open: sumOf('open'),
      settled,
    },
  };
}

function requirePositive(amount: number, sequence: number): void {
  if (amount > 0) return;
  throw new RangeError(
    `part ${sequence} has an allocation of ${amount}; write more than zero, and reverse to undo`,
  );
}
