import { NAME_OF, SETTINGS_OF } from '#config/media-settings.js';
import { type CampaignDocument } from '#domain/campaign/document.js';
import { type CampaignProblem, validateCampaign } from '#domain/campaign/validate.js';
import type { MessageMedium } from '#domain/medium.js';
import {
  type CampaignFileProblem,
  type CampaignFileResult,
  publish,
  type PublishProblem,
  retire,
  saveDraft,
  type SmsWarning,
  type UnsentMedium,
  unsentMedia,
} from '#engine/campaigns/index.js';
import type { EnrolmentChoice } from '#engine/campaigns/moves/index.js';
import type { Scope } from '#engine/scope.js';
import { type FieldError, Problem } from '../common/problem.js';
import { idOf } from '../common/reference.js';
import { getVersion, unknownVersion } from './campaigns.queries.js';
import type {
  DraftInput,
  PublishedVersionResource,
  PublishWarning,
  VersionDetailResource,
} from './campaigns.schemas.js';

/** @throws {Problem} unprocessable, naming what in the document has no meaning */
export const createDraft = (
  scope: Scope,
  { externalId, document }: DraftInput,
): Promise<VersionDetailResource> => {
  const validation = validateCampaign(document);
  if (!validation.ok) throw invalid(validation.problems.map((problem) => fieldError(problem, 'document.')));
  return storeDraft(scope, externalId, validation.document);
};

/** @throws {Problem} unprocessable, naming line, column and path */
export const importDraft = (
  scope: Scope,
  externalId: string,
  file: CampaignFileResult,
): Promise<VersionDetailResource> => {
  if (!file.ok) throw invalid(file.problems.map((problem) => fieldError(problem)));
  return storeDraft(scope, externalId, file.document);
};

const storeDraft = async (
  scope: Scope,
  externalId: string,
  document: CampaignDocument,
): Promise<VersionDetailResource> => {
  const { campaignId, number } = await saveDraft(scope, externalId, document);
  return getVersion(scope, campaignId, number);
};

interface Publishing {
  /** What becomes of the open ones of older versions. */
  enrolments: EnrolmentChoice;
  /** Media without a provider, which a live organisation is warned of. */
  unconfigured: readonly MessageMedium[];
}

export const publishVersion = async (
  scope: Scope,
  reference: string,
  number: number,
  { enrolments, unconfigured }: Publishing,
): Promise<PublishedVersionResource> => {
  const campaignId = await idOf(scope, 'campaign', reference);
  const result = await publish(scope, campaignId, number, enrolments);
  switch (result.kind) {
    case 'unknown':
      throw unknownVersion(reference, number);
    case 'refused':
      throw new Problem('conflict', `${sentence(result.reason)}.`);
    case 'invalid':
      throw invalid(result.problems.map(publishError));
    case 'published': {
      const version = await getVersion(scope, campaignId, number);
      const unsent = scope.kind === 'live' ? unsentMedia(version.document, unconfigured) : [];
      return { ...version, warnings: [...unsent.map(unsentWarning), ...result.warnings.map(smsWarning)] };
    }
  }
};

/** Worker and API read an environment each: the one sends by it, the other warns by it. */
function unsentWarning({ path, step, medium, target }: UnsentMedium): PublishWarning {
  const name = NAME_OF[medium];
  const does = target === 'preferred' ? `writes by ${name} to whoever prefers it` : `sends by ${name}`;
  const message =
    `step "${step}" ${does}, and no provider of ${name} is configured: such messages stay in the outbox and count as ` +
    `accepted, but reach nobody; set ${SETTINGS_OF[medium]} for the worker and the API`;
  return { path, step, medium, message };
}

const smsWarning = ({ path, step, template, locale, message }: SmsWarning): PublishWarning => ({
  path,
  step,
  medium: 'sms',
  message: `template "${template}" (${locale}), sms: ${message}`,
});

export const retireVersion = async (
  scope: Scope,
  reference: string,
  number: number,
): Promise<VersionDetailResource> => {
  const campaignId = await idOf(scope, 'campaign', reference);
  const result = await retire(scope, campaignId, number);
  if (result.kind === 'unknown') throw unknownVersion(reference, number);
  if (result.kind === 'refused') throw new Problem('conflict', `${sentence(result.reason)}.`);
  return getVersion(scope, campaignId, number);
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const invalid = (errors: FieldError[]): Problem =>
  new Problem(
    'unprocessable',
    `The campaign has ${errors.length} ${errors.length === 1 ? 'problem' : 'problems'}.`,
    { errors },
  );

const fieldError = (
  { path, message, ...place }: CampaignProblem & Partial<CampaignFileProblem>,
  prefix = '',
): FieldError => ({
  path: `${prefix}${path}`,
  message: place.line ? `line ${place.line}, column ${place.column}: ${message}` : message,
});

function publishError({ path, message, template, locale, part, line, tag }: PublishProblem): FieldError {
  if (part === null) return { path, message };
  const where = [part, line === null ? null : `line ${line}`, tag].filter((each) => each !== null).join(', ');
  return { path, message: `template "${template}" (${locale}), ${where}: ${message}` };
}
