import { type ContactRow, grouped, type Violation } from './evidence.js';
import type { Matched } from './match.js';

export interface Once {
  violations: Violation[];
  /** Sent once more by policy after nobody could find out: by what they were sent for. */
  resent: string[];
}

/** What a contact was for, whichever try it was: invoice, step, occurrence and recipient point. */
export const purposeOf = (sendKey: string): string => sendKey.replace(/\/\d+$/, '');

/**
 * Nobody got anything twice: at most one acceptance a contact, and of what a contact was for. One that was
 * released by policy and sent again is listed apart.
 */
export function atMostOnce({ accepts }: Matched, contacts: readonly ContactRow[]): Once {
  const result: Once = { violations: [], resent: [] };
  for (const { id } of contacts) {
    const count = accepts.get(id)?.length ?? 0;
    if (count > 1)
      result.violations.push({
        rule: 'accepted_twice',
        subject: id,
        detail: `taken ${count} times by its provider`,
      });
  }
  for (const [purpose, tries] of grouped(contacts, ({ sendKey }) => purposeOf(sendKey))) {
    const taken = tries.filter(({ id }) => accepts.has(id));
    if (taken.length < 2) continue;
    const released = taken.filter(
      ({ state, resolution }) => state === 'not_reached' && resolution === 'released',
    );
    if (taken.length - released.length <= 1 && released.length === 1) result.resent.push(purpose);
    else
      result.violations.push({
        rule: 'sent_twice',
        subject: taken.map(({ id }) => id).join(' '),
        detail: `${purpose} was taken in ${taken.length} contacts (${taken.map(({ state }) => state).join(', ')})`,
      });
  }
  return result;
}
