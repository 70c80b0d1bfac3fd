import { z } from 'zod';
import { externalId, id, instant } from '#contracts/schemas/scalars.js';
import { campaignDocumentSchema } from '#domain/campaign/document.js';
import { MESSAGE_MEDIA } from '#domain/medium.js';

export const draftInput = z.strictObject({ externalId, document: campaignDocumentSchema }).meta({
  description:
    'A campaign to store as a draft: a new one, or the next version of the one with this external id',
});

export const importQuery = z.strictObject({
  externalId: externalId.meta({ description: 'Of the campaign to create or to draft the next version of' }),
});

export const versionNumber = z.coerce
  .number('write the number of a version, from 1')
  .int('write the number of a version, from 1')
  .min(1, 'write the number of a version, from 1')
  .max(2_147_483_647, 'write the number of a version')
  .meta({ description: 'Number of the version, from 1' });

export const campaignResource = z
  .object({
    id,
    externalId: z.string(),
    name: z.string(),
    publishedNumber: z.int().nullable().meta({ description: 'Newest version that takes enrolments' }),
    draftNumber: z.int().nullable(),
    pausedAt: instant.nullable().meta({ description: 'Nothing of it goes out since then' }),
    pauseReason: z.string().nullable(),
    recordedAt: instant,
  })
  .meta({ id: 'Campaign', description: 'A ladder of steps, in versions' });

const versionShape = {
  id,
  campaignId: id,
  number: z.int(),
  state: z.enum(['draft', 'published', 'retired']),
  recordedAt: instant,
  publishedAt: instant.nullable(),
};

export const versionResource = z
  .object(versionShape)
  .meta({ id: 'CampaignVersion', description: 'A version of a campaign; once published it never changes' });

export const versionDetailResource = z
  .object({
    ...versionShape,
    document: campaignDocumentSchema,
    templates: z
      .record(z.string(), z.record(z.string(), id))
      .meta({ description: 'Template versions it is held to, by key and locale; empty while it is a draft' }),
  })
  .meta({ id: 'CampaignVersionDetail' });

const publishWarning = z.object({
  path: z.string().meta({ example: 'steps[2].send[0]' }),
  step: z.string().meta({ description: 'Its key' }),
  medium: z.enum(MESSAGE_MEDIA),
  message: z.string().meta({ description: 'What will happen, and what to do about it' }),
});

export const publishedVersionResource = versionDetailResource
  .extend({
    warnings: z.array(publishWarning).meta({
      description:
        'Steps of a live organisation that use a medium without a provider: their messages stay in the outbox; ' +
        'and steps whose SMS costs more than it needs to, by many parts or by a few characters outside GSM-7. ' +
        'The version is published all the same',
    }),
  })
  .meta({ id: 'PublishedCampaignVersion' });

const problem = z.object({
  path: z.string().meta({ example: 'steps[2].at.offset' }),
  message: z.string(),
  line: z.int().nullable().meta({ description: 'Of a YAML file, from 1' }),
  column: z.int().nullable(),
});

export const validationResource = z
  .object({ valid: z.boolean(), problems: z.array(problem) })
  .meta({ id: 'CampaignValidation', description: 'What is wrong with a campaign; nothing was stored' });

export type DraftInput = z.output<typeof draftInput>;
export type ImportQuery = z.output<typeof importQuery>;
export type CampaignResource = z.output<typeof campaignResource>;
export type VersionResource = z.output<typeof versionResource>;
export type VersionDetailResource = z.output<typeof versionDetailResource>;
export type PublishWarning = z.output<typeof publishWarning>;
export type PublishedVersionResource = z.output<typeof publishedVersionResource>;
export type ValidationResource = z.output<typeof validationResource>;
