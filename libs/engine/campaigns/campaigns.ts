import { type CampaignDocument } from '#domain/campaign/document.js';
import { validateCampaign } from '#domain/campaign/validate.js';
import { campaignVersionMachine, type CampaignVersionState, transition } from '#domain/transitions.js';
import { audit } from '../facts/audit.js';
import type { Scope } from '../scope.js';
import { type EnrolmentChoice, endMoves, requestMove } from './moves/request-move.js';
import { pinTemplates, type PublishProblem, type SmsWarning } from './pin-templates.js';

/** A version of a campaign, by number from 1. Only a draft can change; there is one at most, the newest. */
export interface VersionRef {
  campaignId: string;
  versionId: string;
  number: number;
}

/**
 * Stores a campaign's draft: creates the campaign when the external id is new, replaces the draft when there is one,
 * else begins the next version.
 */
export async function saveDraft(
  scope: Scope,
  externalId: string,
  document: CampaignDocument,
): Promise<VersionRef> {
  const { manager, organisationId } = scope;
  // The update takes the campaign's row lock: two drafts at once get one number each, in turn.
  const [campaign] = await manager.query<{ id: string }[]>(
    `insert into campaign (organisation_id, external_id, name) values ($1, $2, $3)
     on conflict (organisation_id, external_id) do update set name = excluded.name returning id`,
    [organisationId, externalId, document.name],
  );
  const [version] = await manager.query<{ id: string; number: number }[]>(
    `insert into campaign_version (organisation_id, campaign_id, number, document)
     select $1, $2, coalesce(max(number) filter (where state = 'draft'), coalesce(max(number), 0) + 1), $3
     from campaign_version where organisation_id = $1 and campaign_id = $2
     on conflict (organisation_id, campaign_id, number) do update set document = excluded.document, recorded_at = now()
     returning id, number`,
    [organisationId, campaign?.id, JSON.stringify(document)],
  );
  if (!campaign || !version) throw new Error('PostgreSQL returned no row for a stored draft.');
  return { campaignId: campaign.id, versionId: version.id, number: version.number };
}

export type PublishResult =
  | { kind: 'published'; version: VersionRef; warnings: SmsWarning[] }
  | { kind: 'invalid'; problems: PublishProblem[] }
  | { kind: 'unknown' }
  /** It is no draft any more; `reason` says what its state allows. */
  | { kind: 'refused'; reason: string };

/**
 * Publishes a draft: checks it, fixes the versions of its templates, and makes it immutable. Publishing what is
 * published already is refused, so that nobody believes a second time had an effect.
 *
 * @param enrolments what becomes of the open ones of older versions
 */
export async function publish(
  scope: Scope,
  campaignId: string,
  number: number,
  enrolments: EnrolmentChoice = 'keep',
): Promise<PublishResult> {
  const version = await lockVersion(scope, campaignId, number);
  if (!version) return { kind: 'unknown' };
  const allowed = transition(campaignVersionMachine, version.state, 'publish');
  if (!allowed.ok) return { kind: 'refused', reason: allowed.reason };
  const validation = validateCampaign(version.document);
  if (!validation.ok)
    return { kind: 'invalid', problems: validation.problems.map((problem) => ({ ...NOWHERE, ...problem })) };
  const pinned = await pinTemplates(scope, validation.document);
  if (!pinned.ok) return { kind: 'invalid', problems: pinned.problems };
  await scope.manager.query(
    `update campaign_version set state = 'published', published_at = $3, document = $4, templates = $5
     where organisation_id = $1 and id = $2`,
    [
      scope.organisationId,
      version.id,
      new Date(scope.now),
      JSON.stringify(validation.document),
      JSON.stringify(pinned.templates),
    ],
  );
  if (enrolments !== 'keep') await requestMove(scope, campaignId, version.id, enrolments);
  await record(scope, 'campaign.published', campaignId, { number, enrolments });
  return {
    kind: 'published',
    version: { campaignId, versionId: version.id, number },
    warnings: pinned.warnings,
  };
}

const NOWHERE = { template: null, locale: null, part: null, line: null, tag: null };

export type RetireResult =
  { kind: 'retired'; version: VersionRef } | { kind: 'unknown' } | { kind: 'refused'; reason: string };

/** A retired version takes no new enrolments; those it has go on. */
export async function retire(scope: Scope, campaignId: string, number: number): Promise<RetireResult> {
  const version = await lockVersion(scope, campaignId, number);
  if (!version) return { kind: 'unknown' };
  const allowed = transition(campaignVersionMachine, version.state, 'retire');
  if (!allowed.ok) return { kind: 'refused', reason: allowed.reason };
  await scope.manager.query(
    `update campaign_version set state = 'retired' where organisation_id = $1 and id = $2`,
    [scope.organisationId, version.id],
  );
  await endMoves(scope, campaignId, version.id);
  await record(scope, 'campaign.retired', campaignId, { number });
  return { kind: 'retired', version: { campaignId, versionId: version.id, number } };
}

const record = (scope: Scope, action: string, subjectId: string, detail: object): Promise<void> =>
  audit(scope, [{ action, subjectType: 'campaign', subjectId, detail }]);

interface LockedVersion {
  id: string;
  state: CampaignVersionState;
  document: unknown;
}

/** Under the campaign's lock, as in {@link saveDraft}: what is being published cannot be edited meanwhile. */
async function lockVersion(
  { manager, organisationId }: Scope,
  campaignId: string,
  number: number,
): Promise<LockedVersion | undefined> {
  await manager.query('select from campaign where organisation_id = $1 and id = $2 for update', [
    organisationId,
    campaignId,
  ]);
  const [row] = await manager.query<LockedVersion[]>(
    `select id, state, document from campaign_version where organisation_id = $1 and campaign_id = $2 and number = $3`,
    [organisationId, campaignId, number],
  );
  return row;
}
