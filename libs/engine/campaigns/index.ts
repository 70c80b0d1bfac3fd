export {
  type CampaignFileProblem,
  type CampaignFileResult,
  type CampaignFormat,
  MAX_CAMPAIGN_BYTES,
  parseCampaign,
} from './campaign-file.js';
export { campaignJsonSchema, writeCampaignSchema } from './campaign-schema.js';
export {
  publish,
  type PublishResult,
  retire,
  type RetireResult,
  saveDraft,
  type VersionRef,
} from './campaigns.js';
export { exportCampaign } from './export-campaign.js';
export {
  type VersionTemplate,
  type CampaignVersion,
  loadVersion,
  UnpublishedVersionError,
} from './load-version.js';
export type { PinnedTemplates, PublishProblem, SmsWarning } from './pin-templates.js';
export {
  CAMPAIGN_COLUMNS,
  type CampaignView,
  findCampaign,
  findVersion,
  VERSION_COLUMNS,
  type VersionDetail,
  type VersionView,
} from './read-campaigns.js';
export {
  getTemplate,
  listTemplates,
  type PreviewResult,
  previewTemplate,
  saveTemplate,
  type SaveTemplateResult,
  type TemplateDetail,
  type TemplateInfo,
} from './templates.js';
export { type UnsentMedium, unsentMedia } from './unsent-media.js';
export {
  type EnrolmentPauseResult,
  pauseCampaign,
  pauseEnrolment,
  resumeCampaign,
  resumeEnrolment,
} from './pause.js';
export { endEnrolment, type EndResult } from './end-enrolment.js';
