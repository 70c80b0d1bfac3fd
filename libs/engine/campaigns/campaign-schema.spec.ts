import { readFileSync } from 'node:fs';
import { CAMPAIGN_SCHEMA_FILE, campaignJsonSchema } from './campaign-schema.js';

describe('the published JSON Schema', () => {
  it('is the one in the repository; after a change run writeCampaignSchema', () => {
    const file = new URL(`../../../${CAMPAIGN_SCHEMA_FILE}`, import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(campaignJsonSchema());
  });

  it('asks only for what a file must say', () => {
    expect(campaignJsonSchema()).toMatchObject({
      required: ['kindly', 'name', 'steps'],
      additionalProperties: false,
    });
  });
});
