import { z } from 'zod';
import { id, instant, text } from '#contracts/schemas/scalars.js';
import { ROLES } from '../common/roles.js';

const role = z
  .enum(ROLES, `is no role; write one of ${ROLES.join(', ')}`)
  .meta({ description: 'admin > manager > marketer and agent > viewer', example: 'manager' });

export const apiKeyInput = z
  .strictObject({ name: text(200).meta({ example: 'Accounting sync' }), role })
  .meta({ description: 'Who or what the key is for, and what it may do' });

export const rotateInput = z
  .strictObject({
    graceMinutes: z
      .int('write a whole number of minutes')
      .min(0, 'write 0 or more')
      .max(10_080, 'write at most 10080 (a week)')
      .optional()
      .meta({ description: 'How long the old key works beside the new one; not at all unless given' }),
  })
  .meta({ description: 'How the old key ends' });

export const apiKeyResource = z
  .object({
    id,
    name: z.string(),
    role,
    hint: z.string().meta({ description: 'How the key begins', example: 'kdy_live_Xy3k' }),
    recordedAt: instant,
    lastUsedAt: instant.nullable().meta({ description: 'To the minute' }),
    revokedAt: instant.nullable().meta({ description: 'When it stopped, or stops, to work' }),
  })
  .meta({ description: 'An API key, without the key' });

export const newApiKeyResource = apiKeyResource
  .extend({
    token: z.string().nullable().meta({
      description:
        'The key itself, shown this once; null when the request is a repetition by its Idempotency-Key',
      example: 'kdy_live_…',
    }),
  })
  .meta({ description: 'A new API key' });

export type ApiKeyInput = z.output<typeof apiKeyInput>;
export type RotateInput = z.output<typeof rotateInput>;
export type ApiKeyResource = z.output<typeof apiKeyResource>;
export type NewApiKeyResource = z.output<typeof newApiKeyResource>;
