import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { validateCampaign } from '#domain/campaign/validate.js';
import { type CampaignFileResult, MAX_CAMPAIGN_BYTES, parseCampaign } from '#engine/campaigns/index.js';
import type { ApiRequest } from '../common/api-request.js';
import { CONSUMES } from '../common/content-type.guard.js';
import { Problem } from '../common/problem.js';
import { readBody } from '../common/read-body.js';

const YAML = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];
const JSON_TYPE = 'application/json';

/** The body is a campaign file: YAML, or the same as JSON. */
export const TakesCampaignFile = (): MethodDecorator =>
  applyDecorators(
    ApiBody({ description: 'A campaign file', schema: { type: 'string', format: 'binary' } }),
    ApiConsumes('application/yaml', JSON_TYPE),
    // Which of them it is, the reading finds out.
    SetMetadata(CONSUMES, '*/*'),
  );

/** Reads the campaign of the body, by its Content-Type. @throws {Problem} when there is none that can be read */
export async function readCampaign(request: ApiRequest): Promise<CampaignFileResult> {
  if (request.is(JSON_TYPE) === JSON_TYPE) return fromJson(request.body);
  if (request.is(YAML) === false) {
    throw new Problem('unsupported-media-type', 'This route takes application/yaml or application/json.');
  }
  const text = (await readBody(request, MAX_CAMPAIGN_BYTES)).toString('utf8');
  if (text === '')
    throw new Problem('malformed-body', 'The request has no body.', { remedy: 'Send the campaign file.' });
  // What an Idempotency-Key is compared by.
  request.body = text;
  return parseCampaign(text, 'yaml');
}

/** The body parser has read it already, so lines are not known any more. */
function fromJson(body: unknown): CampaignFileResult {
  const validation = validateCampaign(body);
  if (validation.ok) return validation;
  return {
    ok: false,
    problems: validation.problems.map((problem) => ({ ...problem, line: null, column: null })),
  };
}
