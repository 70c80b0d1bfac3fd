import {
  CAMPAIGN_COLUMNS,
  type CampaignView,
  exportCampaign,
  findCampaign,
  findVersion,
  VERSION_COLUMNS,
  type VersionDetail,
  type VersionView,
} from '#engine/campaigns/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage, type Page, type PageQuery } from '../common/pagination.js';
import { Problem } from '../common/problem.js';
import { idOf, notFound } from '../common/reference.js';
import type { CampaignResource, VersionDetailResource, VersionResource } from './campaigns.schemas.js';

const campaignView = ({ recordedAt, pausedAt, ...campaign }: CampaignView): CampaignResource => ({
  ...campaign,
  pausedAt: instantTextOrNull(pausedAt),
  recordedAt: instantText(recordedAt),
});

const versionView = <T extends VersionView>({ recordedAt, publishedAt, ...version }: T) => ({
  ...version,
  recordedAt: instantText(recordedAt),
  publishedAt: instantTextOrNull(publishedAt),
});

export const listCampaigns = (scope: Scope, page: PageQuery): Promise<Page<CampaignResource>> =>
  listPage<CampaignView, CampaignResource>(
    scope,
    {
      columns: CAMPAIGN_COLUMNS,
      from: 'campaign c',
      where: [['c.organisation_id = ?', scope.organisationId]],
      sort: { by: 'c.external_id', type: 'text' },
      id: 'c.id',
      view: ({ id, externalId, name, publishedNumber, draftNumber, pausedAt, pauseReason, recordedAt }) =>
        campaignView({
          id,
          externalId,
          name,
          publishedNumber,
          draftNumber,
          pausedAt,
          pauseReason,
          recordedAt,
        }),
    },
    page,
  );

export const getCampaign = async (scope: Scope, reference: string): Promise<CampaignResource> => {
  const campaign = await findCampaign(scope, await idOf(scope, 'campaign', reference));
  if (!campaign) throw notFound('campaign', reference);
  return campaignView(campaign);
};

/** Newest first. */
export const listVersions = async (
  scope: Scope,
  reference: string,
  page: PageQuery,
): Promise<Page<VersionResource>> => {
  const campaignId = await idOf(scope, 'campaign', reference);
  return listPage<VersionView, VersionResource>(
    scope,
    {
      columns: VERSION_COLUMNS,
      from: 'campaign_version v',
      where: [
        ['v.organisation_id = ?', scope.organisationId],
        ['v.campaign_id = ?', campaignId],
      ],
      sort: { by: 'v.number', type: 'bigint', descending: true },
      id: 'v.id',
      view: ({ id, campaignId: campaign, number, state, recordedAt, publishedAt }) =>
        versionView({ id, campaignId: campaign, number, state, recordedAt, publishedAt }),
    },
    page,
  );
};

export const unknownVersion = (reference: string, number: number): Problem =>
  new Problem('not-found', `Campaign ${reference} has no version ${number}.`);

const readVersion = async (scope: Scope, reference: string, number: number): Promise<VersionDetail> => {
  const version = await findVersion(scope, await idOf(scope, 'campaign', reference), number);
  if (!version) throw unknownVersion(reference, number);
  return version;
};

export const getVersion = async (
  scope: Scope,
  reference: string,
  number: number,
): Promise<VersionDetailResource> => versionView(await readVersion(scope, reference, number));

/** As YAML, which imports back to the same document. */
export const exportVersion = async (scope: Scope, reference: string, number: number): Promise<string> =>
  exportCampaign((await readVersion(scope, reference, number)).document);
