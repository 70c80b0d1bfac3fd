import type { CampaignDocument } from '#domain/campaign/document.js';
import type { CampaignVersionState } from '#domain/transitions.js';
import type { Scope } from '../scope.js';
import type { PinnedTemplates } from './pin-templates.js';

export interface CampaignView {
  id: string;
  externalId: string;
  name: string;
  /** The newest version that takes enrolments; null while there is none. */
  publishedNumber: number | null;
  draftNumber: number | null;
  /** Nothing of it goes out since then; null while it is not paused. */
  pausedAt: Date | null;
  pauseReason: string | null;
  recordedAt: Date;
}

export interface VersionView {
  id: string;
  campaignId: string;
  number: number;
  state: CampaignVersionState;
  recordedAt: Date;
  publishedAt: Date | null;
}

export type VersionDetail = VersionView & { document: CampaignDocument; templates: PinnedTemplates };

/** What makes a {@link CampaignView} from `campaign c`. */
export const CAMPAIGN_COLUMNS = `c.id, c.external_id as "externalId", c.name, c.recorded_at as "recordedAt",
  c.paused_at as "pausedAt", c.pause_reason as "pauseReason",
  (select max(v.number) from campaign_version v where v.organisation_id = c.organisation_id and v.campaign_id = c.id
     and v.state = 'published') as "publishedNumber",
  (select max(v.number) from campaign_version v where v.organisation_id = c.organisation_id and v.campaign_id = c.id
     and v.state = 'draft') as "draftNumber"`;

/** What makes a {@link VersionView} from `campaign_version v`. */
export const VERSION_COLUMNS = `v.id, v.campaign_id as "campaignId", v.number, v.state, v.recorded_at as "recordedAt",
  v.published_at as "publishedAt"`;

export async function findCampaign(
  { manager, organisationId }: Scope,
  id: string,
): Promise<CampaignView | null> {
  const [row] = await manager.query<CampaignView[]>(
    `select ${CAMPAIGN_COLUMNS} from campaign c where c.organisation_id = $1 and c.id = $2`,
    [organisationId, id],
  );
  return row ?? null;
}

export async function findVersion(
  { manager, organisationId }: Scope,
  campaignId: string,
  number: number,
): Promise<VersionDetail | null> {
  const [row] = await manager.query<VersionDetail[]>(
    `select ${VERSION_COLUMNS}, v.document, v.templates from campaign_version v
     where v.organisation_id = $1 and v.campaign_id = $2 and v.number = $3`,
    [organisationId, campaignId, number],
  );
  return row ?? null;
}
