import type { Deed } from '../debtors.js';
import type { Fact, Violation } from './evidence.js';

/** A message that came in, as stored. */
export interface InboundRow {
  provider: string;
  eventKey: string;
  isApplied: boolean;
}

/** Whoever says stop is obeyed: the kind of address by medium. */
const POINTS: Readonly<Record<string, string>> = { sms: 'phone', telegram: 'telegram', email: 'email' };
const STOPS = new Set(['stop', 'block', 'unsubscribe']);

/**
 * What people did was taken in the end, is stored once and applied; and an address that said stop, blocked or unsubscribed was
 * suppressed. That nothing was decided to it afterwards is the matter of what is forbidden.
 */
export function debtorsAreHeard(
  deeds: readonly Deed[],
  inbound: readonly InboundRow[],
  facts: readonly Fact[],
): Violation[] {
  return deeds.flatMap(({ provider, key, kind, medium, address, isTaken }) => {
    const violation = (rule: string, detail: string): Violation[] => [
      { rule, subject: key ?? kind, detail: `${kind} by ${medium}: ${detail}` },
    ];
    if (!isTaken) return violation('deed_not_taken', 'never answered with 2xx');
    const stored = inbound.filter((row) => row.provider === provider && row.eventKey === key);
    if (key !== null && stored.length !== 1)
      return violation('inbound_lost', `is there ${stored.length} times`);
    if (stored.some(({ isApplied }) => !isApplied)) return violation('inbound_waits', 'nobody applied it');
    const isObeyed = facts.some(
      (fact) =>
        fact.kind === 'suppressed' &&
        fact.pointKind === POINTS[medium] &&
        fact.normalised === address &&
        (fact.medium === null || fact.medium === medium),
    );
    return STOPS.has(kind) && !isObeyed ? violation('stop_ignored', 'its address was never suppressed') : [];
  });
}
