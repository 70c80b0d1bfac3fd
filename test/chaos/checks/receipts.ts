import { deliveryOf } from '#domain/delivery.js';
import type { Told } from '#test/support/providers/index.js';
import type { Random } from '#test/support/random.js';
import type { ContactRow, ReceiptRow, Violation } from './evidence.js';
import { grouped } from './evidence.js';

/** How many orders the receipts of a contact are put into. */
const ORDERS = 5;

/** What was answered with 2xx is stored, once, and nothing forged is; a forged one was answered with 401. */
export function receiptsAreKept(told: readonly Told[], receipts: readonly ReceiptRow[]): Violation[] {
  const stored = grouped(receipts, ({ provider, eventKey }) => `${provider}/${eventKey}`);
  return told.flatMap(({ provider, key, contactId, isForged, status }) => {
    const count = stored.get(`${provider}/${key}`)?.length ?? 0;
    const violation = (rule: string, detail: string): Violation[] => [{ rule, subject: contactId, detail }];
    if (isForged && count > 0) return violation('forged_receipt_kept', `${key} of ${provider}`);
    if (isForged) {
      const isRefused = status === null || status === 401;
      return isRefused
        ? []
        : violation('forged_receipt_answered', `${key} was answered with ${String(status)}`);
    }
    if (status === null || status >= 300) return violation('receipt_not_taken', `${key} of ${provider}`);
    return count === 1
      ? []
      : violation('receipt_lost', `${key} of ${provider} was taken and is there ${count} times`);
  });
}

/** Every contact stands where its receipts bring it, in whatever order they are read; and none waits. */
export function receiptsAgree(
  receipts: readonly ReceiptRow[],
  contacts: readonly ContactRow[],
  random: Random,
): Violation[] {
  const own = grouped(receipts, ({ contactId }) => contactId);
  return contacts.flatMap(({ id, delivery, deliveredAt }) => {
    const told = own.get(id) ?? [];
    const violations: Violation[] = told.some(({ isApplied }) => !isApplied)
      ? [{ rule: 'receipt_waits', subject: id, detail: 'nobody applied it' }]
      : [];
    for (let order = 0; order < (told.length > 1 ? ORDERS : 1); order += 1) {
      const state = deliveryOf(random.shuffle(told));
      if ((state?.state ?? null) === delivery && (state?.deliveredAt ?? null) === deliveredAt) continue;
      const found = `${String(state?.state)} at ${String(state?.deliveredAt)}`;
      const detail = `it is ${String(delivery)} at ${String(deliveredAt)}, its receipts come to ${found}`;
      return [...violations, { rule: 'receipts_disagree', subject: id, detail }];
    }
    return violations;
  });
}
