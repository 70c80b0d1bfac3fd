import { announceFacts, lockCustomer } from '../announce.js';
import { audit } from '../facts/audit.js';
import type { Scope } from '../scope.js';
import { tellOfRelease } from '../stop/index.js';
import { emit } from '../webhooks/emit.js';

/**
 * Keeps back every step of a campaign until it is resumed; nobody is thrown out, and payments go on being noticed. Pausing
 * what is paused changes nothing, the reason neither. A message that is being written at that moment still goes out.
 *
 * @returns whether it was not paused before
 */
export async function pauseCampaign(scope: Scope, campaignId: string, reason: string): Promise<boolean> {
  const [rows] = await scope.manager.query<[object[], number]>(
    `update campaign set paused_at = $3, pause_reason = $4, paused_by = $5
     where organisation_id = $1 and id = $2 and paused_at is null returning id`,
    [scope.organisationId, campaignId, new Date(scope.now), reason, scope.actor],
  );
  if (rows.length === 0) return false;
  await tellOfCampaign(scope, 'campaign.paused', campaignId, reason);
  return true;
}

/**
 * Lets a campaign go on. Its enrolments are planned anew little by little, as after an emergency stop (`releaseWaiting`),
 * and what waited keeps its distances.
 *
 * @returns whether it was paused
 */
export async function resumeCampaign(scope: Scope, campaignId: string, reason?: string): Promise<boolean> {
  const { manager, organisationId } = scope;
  const [rows] = await manager.query<[object[], number]>(
    `update campaign set paused_at = null, pause_reason = null, paused_by = null
     where organisation_id = $1 and id = $2 and paused_at is not null returning id`,
    [organisationId, campaignId],
  );
  if (rows.length === 0) return false;
  await manager.query(
    `update enrolment set waits_for_release = true where organisation_id = $1 and campaign_id = $2 and state = 'open'`,
    [organisationId, campaignId],
  );
  await tellOfCampaign(scope, 'campaign.resumed', campaignId, reason);
  await tellOfRelease(scope);
  return true;
}

async function tellOfCampaign(
  scope: Scope,
  type: 'campaign.paused' | 'campaign.resumed',
  campaignId: string,
  reason: string | undefined,
): Promise<void> {
  await audit(scope, [{ action: type, subjectType: 'campaign', subjectId: campaignId, detail: { reason } }]);
  await emit(scope, { type, subjectId: scope.organisationId, data: { campaignId } });
}

export type EnrolmentPauseResult = { kind: 'done' } | { kind: 'unknown' } | { kind: 'ended' };

/** The same for one enrolment: from its commit on no step of it is decided until it is resumed. */
export const pauseEnrolment = (scope: Scope, id: string, reason: string): Promise<EnrolmentPauseResult> =>
  setPaused(scope, id, 'enrolment.paused', reason);

export const resumeEnrolment = (scope: Scope, id: string, reason?: string): Promise<EnrolmentPauseResult> =>
  setPaused(scope, id, 'enrolment.resumed', reason);

async function setPaused(
  scope: Scope,
  id: string,
  type: 'enrolment.paused' | 'enrolment.resumed',
  reason: string | undefined,
): Promise<EnrolmentPauseResult> {
  const found = await readEnrolment(scope, id);
  if (!found) return { kind: 'unknown' };
  await lockCustomer(scope, found.customer_id);
  const {
    state,
    customer_id: customerId,
    invoice_id: invoiceId,
    isPaused,
  } = (await readEnrolment(scope, id)) ?? found;
  if (state === 'ended') return { kind: 'ended' };
  const isPause = type === 'enrolment.paused';
  if (isPaused === isPause) return { kind: 'done' };
  await scope.manager.query('update enrolment set paused_at = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    id,
    isPause ? new Date(scope.now) : null,
  ]);
  await audit(scope, [{ action: type, subjectType: 'enrolment', subjectId: id, detail: { reason } }]);
  await emit(scope, { type, subjectId: invoiceId, data: { enrolmentId: id } });
  await announceFacts(scope, { customerId, invoiceIds: [invoiceId] });
  return { kind: 'done' };
}

interface Row {
  state: 'open' | 'ended';
  customer_id: string;
  invoice_id: string;
  isPaused: boolean;
}

async function readEnrolment({ manager, organisationId }: Scope, id: string): Promise<Row | undefined> {
  const [row] = await manager.query<Row[]>(
    `select state, customer_id, invoice_id, paused_at is not null as "isPaused"
     from enrolment where organisation_id = $1 and id = $2`,
    [organisationId, id],
  );
  return row;
}
