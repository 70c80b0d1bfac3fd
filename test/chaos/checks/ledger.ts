import type { ContactRow, Violation } from './evidence.js';
import type { Matched } from './match.js';

/** States that say that it went out, or may have. */
const AGREES = new Set(['accepted', 'unknown']);

/** What providers took stands in the ledger, in a state that agrees; and what the ledger calls accepted they took. */
export function ledgerIsTrue({ accepts, orphans }: Matched, contacts: readonly ContactRow[]): Violation[] {
  const violations: Violation[] = orphans.map(({ provider, id, contactId }) => ({
    rule: 'accept_without_row',
    subject: contactId ?? id,
    detail: `${provider} took ${id}, and no row of the ledger tells of it`,
  }));
  for (const { id, state, resolution, provider } of contacts) {
    const wasTaken = accepts.has(id);
    const isReleased = state === 'not_reached' && resolution === 'released';
    if (wasTaken && !AGREES.has(state) && !isReleased)
      violations.push({
        rule: 'state_disagrees',
        subject: id,
        detail: `${provider} took it, and it is ${state}`,
      });
    if (!wasTaken && state === 'accepted')
      violations.push({ rule: 'accepted_without_accept', subject: id, detail: `${provider} never took it` });
    if (state === 'unknown' && resolution === null)
      violations.push({ rule: 'unknown_left', subject: id, detail: 'nobody settled what became of it' });
  }
  return violations;
}
