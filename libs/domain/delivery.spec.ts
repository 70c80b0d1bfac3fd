import fc from 'fast-check';
import { deliveryOf, RECEIPT_KINDS, type ReceiptFact, type ReceiptKind } from './delivery.js';

const told = (kind: ReceiptKind, at = 0, byMachine = false): ReceiptFact => ({ kind, at, byMachine });

const receipts = fc.array(
  fc.record({
    kind: fc.constantFrom(...RECEIPT_KINDS),
    byMachine: fc.boolean(),
    at: fc.integer({ min: 0, max: 1_000 }),
  }),
  { maxLength: 8 },
);

describe('what receipts come to', () => {
  it('is nothing without receipts', () => {
    expect(deliveryOf([])).toBeNull();
  });

  it.each<[ReceiptKind[], ReceiptKind]>([
    [['accepted'], 'accepted'],
    [['deferred', 'accepted'], 'deferred'],
    [['deferred', 'delivered'], 'delivered'],
    [['opened', 'delivered'], 'opened'],
    [['delivered', 'bounced'], 'bounced'],
    [['failed', 'delivered'], 'failed'],
    [['clicked', 'complained', 'opened'], 'complained'],
  ])('of %j is %s', (kinds, state) => {
    expect(deliveryOf(kinds.map((kind) => told(kind)))?.state).toBe(state);
  });

  it('does not take a scanner’s opening for a person’s', () => {
    expect(deliveryOf([told('delivered', 5), told('opened', 6, true), told('clicked', 7, true)])).toEqual({
      state: 'delivered',
      deliveredAt: 5,
    });
    expect(deliveryOf([told('opened', 6, true)])).toBeNull();
  });

  it('knows that what was opened had arrived', () => {
    expect(deliveryOf([told('opened', 9)])).toEqual({ state: 'opened', deliveredAt: 9 });
  });

  it('does not depend on order, nor on how often each is told', () => {
    const shuffled = receipts.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc
          .shuffledSubarray(all, { minLength: all.length })
          .chain((once) => fc.tuple(fc.constant(once), fc.subarray(once))),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([inOrder, [once, again]]) => {
        expect(deliveryOf([...once, ...again])).toEqual(deliveryOf(inOrder));
      }),
    );
  });
});
