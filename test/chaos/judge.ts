import type { Told } from '#test/support/providers/index.js';
import { randomOf } from '#test/support/random.js';
import { TIMING } from '#engine/deps.js';
import { enrolmentsAreSettled, noStepIsLost } from './checks/enrolments.js';
import type { Accept, Violation } from './checks/evidence.js';
import { closedMeanwhile, nothingForbidden } from './checks/forbidden.js';
import { debtorsAreHeard } from './checks/inbound.js';
import { leasesHold } from './checks/leases.js';
import { ledgerIsTrue } from './checks/ledger.js';
import { matchAccepts } from './checks/match.js';
import { atMostOnce } from './checks/once.js';
import { receiptsAgree, receiptsAreKept } from './checks/receipts.js';
import { nothingWhileStopped, type Standstill } from './checks/stop.js';
import type { Deed } from './debtors.js';
import type { Found } from './gather.js';

export interface Verdict {
  violations: Violation[];
  resent: number;
  closedMeanwhile: number;
}

/** What was seen from outside. */
export interface Witnessed {
  accepts: readonly Accept[];
  told: readonly Told[];
  deeds: readonly Deed[];
  standstills: readonly Standstill[];
}

/** Every rule over everything that was found. Pure. */
export function judge(
  { accepts, told, deeds, standstills }: Witnessed,
  found: Found,
  ladder: readonly string[],
  { seed, now }: { seed: number; now: number },
): Verdict {
  const { contacts, facts, decisions, receipts, enrolments, undelivered, customers, inbound } = found;
  const matched = matchAccepts(accepts, contacts);
  const once = atMostOnce(matched, contacts);
  return {
    violations: [
      ...once.violations,
      ...ledgerIsTrue(matched, contacts),
      ...leasesHold(matched, contacts, { now, graceMs: TIMING.graceMs }),
      ...nothingForbidden(facts, decisions, contacts),
      ...nothingWhileStopped(accepts, standstills),
      ...debtorsAreHeard(deeds, inbound, facts),
      ...receiptsAreKept(told, receipts),
      ...receiptsAgree(receipts, contacts, randomOf(seed, 'orders')),
      ...enrolmentsAreSettled(enrolments, undelivered),
      ...noStepIsLost(enrolments, facts, customers, ladder, now),
    ],
    resent: once.resent.length,
    closedMeanwhile: closedMeanwhile(facts, decisions, matched),
  };
}
