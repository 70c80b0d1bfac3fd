import type { Outcome } from '#channels/channel.js';
import type { Begun } from '../begun.js';
import type { EngineDeps } from '../deps.js';
import type { LockedScope } from '../lock-invoice.js';
import { callSign, recordCall } from './breakers.js';
import { uncountMessage } from './ceiling.js';
import { block } from './sending-rate.js';

const certainlyStayed = ({ kind }: Outcome): boolean => kind === 'not_reached' || kind === 'throttled';

/** Whether the limits have anything to store of a call. */
export function concernsLimits({ admitted, channel }: Begun, outcome: Outcome): boolean {
  if (!admitted) return false;
  if (admitted.countedOn !== null && certainlyStayed(outcome)) return true;
  if (!channel.external) return false;
  const sign = callSign(outcome);
  return (
    sign === 'failure' ||
    (sign === 'success' && admitted.isSuspect) ||
    (outcome.kind === 'throttled' && outcome.wholeSender === true)
  );
}

/** Stores what a call says about its provider and its sender, and gives back what it did not use. */
export async function applyToLimits(
  deps: EngineDeps,
  scope: LockedScope,
  { admitted, channel: { provider, external } }: Begun,
  outcome: Outcome,
): Promise<void> {
  if (!admitted) return;
  const { manager, organisationId } = scope;
  const sign = external ? callSign(outcome) : null;
  if (sign === 'failure' || (sign && admitted.isSuspect)) await recordCall(manager, provider, sign, deps.log);
  if (admitted.countedOn && certainlyStayed(outcome)) await uncountMessage(scope, admitted.countedOn);
  if (external && outcome.kind === 'throttled' && outcome.wholeSender) {
    await block(manager, { organisationId, provider, sender: admitted.sender }, outcome.retryAfterMs);
    deps.log?.('sender_blocked', { organisationId, provider, ms: outcome.retryAfterMs });
  }
}
