import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { invoiceBalance, partBalance } from './balance.js';
import type { AllocationInput, PartBalanceInput } from './balance.js';

const paid = (amount: number, more: Partial<AllocationInput> = {}): AllocationInput => ({
  amount,
  reversedAt: null,
  ...more,
});
const part = (sequence: number, amount: number, ...allocations: AllocationInput[]): PartBalanceInput => ({
  sequence,
  amount,
  allocations,
});

const anyPart = fc
  .record({
    amount: fc.integer({ min: 0, max: 100_000 }),
    cuts: fc.array(fc.integer({ min: 1, max: 50_000 }), { maxLength: 4 }),
    pending: fc.boolean(),
  })
  .map(({ amount, cuts, pending }) => part(1, amount, ...cuts.map((cut) => paid(cut, { pending }))));

describe('partBalance', () => {
  it('derives paid and open from the standing allocations', () => {
    const result = partBalance(
      part(1, 100, paid(30), paid(20, { reversedAt: 5 }), paid(10, { pending: true })),
    );
    expect(result).toEqual({
      ok: true,
      balance: { total: 100, paid: 30, pending: 10, open: 70, settled: false },
    });
  });

  it('is not settled by money that is only announced', () => {
    const result = partBalance(part(1, 100, paid(100, { pending: true })));
    expect(result).toMatchObject({ ok: true, balance: { open: 100, pending: 100, settled: false } });
  });

  it.each([
    ['posted', [paid(60), paid(41)]],
    ['pending', [paid(60), paid(41, { pending: true })]],
  ])('returns an over-allocation of %s money as an error value', (_, allocations) => {
    expect(partBalance(part(7, 100, ...allocations))).toEqual({
      ok: false,
      error: { kind: 'over_allocated', sequence: 7, amount: 100, allocated: 101 },
    });
  });

  it('reopens exactly what a reversal takes back', () => {
    expect(partBalance(part(1, 100, paid(60), paid(40)))).toMatchObject({ balance: { settled: true } });
    expect(partBalance(part(1, 100, paid(60), paid(40, { reversedAt: 1 })))).toMatchObject({
      balance: { open: 40 },
    });
  });

  it.each([0, -5, 0.5, NaN])('refuses an allocation of %d', (amount) => {
    expect(() => partBalance(part(1, 100, paid(amount)))).toThrow(RangeError);
  });
});

describe('invoiceBalance', () => {
  it('is not settled by the payment of the last part alone', () => {
    const result = invoiceBalance([part(1, 50), part(2, 50, paid(50))]);
    expect(result).toEqual({
      ok: true,
      balance: { total: 100, paid: 50, pending: 0, open: 50, settled: false },
    });
  });

  it('does not let one part pay for another', () => {
    const result = invoiceBalance([part(1, 50), part(2, 50, paid(100))]);
    expect(result).toMatchObject({ ok: false, error: { sequence: 2, allocated: 100 } });
  });

  it('always sums: total is paid plus open, settled means nothing open, pending fits in open', () => {
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 5 }), (parts) => {
        const result = invoiceBalance(parts);
        if (!result.ok) return expect(result.error.allocated).toBeGreaterThan(result.error.amount);
        const { total, paid: done, pending, open, settled } = result.balance;
        expect(total).toBe(parts.reduce((sum, one) => sum + one.amount, 0));
        expect(done + open).toBe(total);
        expect(pending).toBeLessThanOrEqual(open);
        expect(settled).toBe(open === 0);
      }),
    );
  });
});
