import type { Outcome } from '#channels/channel.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { LockedScope } from './lock-invoice.js';

/** An enrolment in the campaign that its predecessor left takes over, as done, what was on its way then. */
export function isItsStep(
  loaded: LoadedEnrolment,
  { enrolmentId, loaded: before }: { enrolmentId: string; loaded: LoadedEnrolment },
  { kind }: Outcome,
): boolean {
  if (loaded.id === enrolmentId) return true;
  const isSame = loaded.campaignId === before.campaignId && loaded.facts.runNo === before.facts.runNo;
  return isSame && loaded.state === 'open' && kind !== 'accepted' && kind !== 'unknown';
}

/** An enrolment that another has replaced has nothing left to plan. */
export async function closePlan(
  { manager, organisationId }: LockedScope,
  enrolmentId: string,
): Promise<void> {
  await manager.query(
    `update enrolment set planned_version = facts_version where organisation_id = $1 and id = $2 and state = 'ended'`,
    [organisationId, enrolmentId],
  );
}
