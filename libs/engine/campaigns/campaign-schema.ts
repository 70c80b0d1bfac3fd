import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { campaignDocumentSchema } from '#domain/campaign/document.js';

/** Where the repository keeps it for editors; a test holds it equal to {@link campaignJsonSchema}. */
export const CAMPAIGN_SCHEMA_FILE = 'docs/campaign.schema.json';

/**
 * The shape of a campaign file as JSON Schema, for editors and other programs. It says less than `parseCampaign`
 * checks: meaning (an anchor that cannot exist, a key used twice) is not in it.
 */
export function campaignJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(campaignDocumentSchema, {
    io: 'input',
    target: 'draft-2020-12',
  });
  return { $schema, title: 'Kindly campaign', ...schema };
}

/** Brings {@link CAMPAIGN_SCHEMA_FILE} up to date. @param file absolute, or from the working directory */
export const writeCampaignSchema = (file: string = CAMPAIGN_SCHEMA_FILE): Promise<void> =>
  writeFile(file, `${JSON.stringify(campaignJsonSchema(), null, 2)}\n`);
