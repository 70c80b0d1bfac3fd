import { z } from 'zod';
import { organisationResource } from '#contracts/schemas/index.js';
import { newApiKeyResource } from '../api-keys/api-keys.schemas.js';

export const foundedResource = z
  .object({ organisation: organisationResource, apiKey: newApiKeyResource })
  .meta({ description: 'A new organisation and its first key, an admin' });

export type Founded = z.output<typeof foundedResource>;
