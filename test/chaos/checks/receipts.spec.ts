import type { Told } from '#test/support/providers/index.js';
import { randomOf } from '#test/support/random.js';
import { aContact, aReceipt, NOW } from './evidence.factory.js';
import { receiptsAgree, receiptsAreKept } from './receipts.js';

const told = (overrides: Partial<Told> = {}): Told => ({
  provider: 'sendgrid',
  key: 'event-1',
  contactId: 'contact-1',
  isForged: false,
  status: 200,
  ...overrides,
});

describe('receipts are kept', () => {
  const judged = (...args: Parameters<typeof receiptsAreKept>): string[] =>
    receiptsAreKept(...args).map(({ rule }) => rule);

  it('when they were taken', () => {
    expect(judged([told()], [aReceipt()])).toEqual([]);
    expect(judged([told()], [])).toEqual(['receipt_lost']);
    expect(judged([told()], [aReceipt(), aReceipt()])).toEqual(['receipt_lost']);
  });

  it('and all are taken in the end', () => {
    expect(judged([told({ status: null }), told({ status: 503 })], [])).toEqual([
      'receipt_not_taken',
      'receipt_not_taken',
    ]);
  });

  it('but for forged ones, which are refused', () => {
    const forged = told({ isForged: true, status: 401 });
    expect(judged([forged], [])).toEqual([]);
    expect(judged([forged], [aReceipt()])).toEqual(['forged_receipt_kept']);
    expect(judged([{ ...forged, status: 200 }], [])).toEqual(['forged_receipt_answered']);
  });
});

describe('receipts come to one state, in any order', () => {
  const receipts = [
    aReceipt({ eventKey: 'event-1', kind: 'accepted', at: NOW - 10 }),
    aReceipt({ eventKey: 'event-2', kind: 'delivered', at: NOW }),
    aReceipt({ eventKey: 'event-3', kind: 'opened', byMachine: true, at: NOW + 10 }),
  ];
  const judged = (contact: Parameters<typeof aContact>[0], rows = receipts): string[] =>
    receiptsAgree(rows, [aContact(contact)], randomOf('orders')).map(({ rule }) => rule);

  it('which is the stored one', () => {
    expect(judged({ delivery: 'delivered', deliveredAt: NOW })).toEqual([]);
    expect(judged({ delivery: 'accepted' })).toEqual(['receipts_disagree']);
    expect(judged({ delivery: 'delivered', deliveredAt: NOW + 1 })).toEqual(['receipts_disagree']);
    expect(judged({ delivery: 'delivered', deliveredAt: NOW }, [])).toEqual(['receipts_disagree']);
  });

  it('and none waits', () => {
    const waiting = receipts.map((receipt) => ({ ...receipt, isApplied: false }));
    expect(judged({ delivery: 'delivered', deliveredAt: NOW }, waiting)).toEqual(['receipt_waits']);
  });
});
