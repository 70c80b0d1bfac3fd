import { z } from 'zod';
import { STEP_PURPOSES } from '#domain/campaign/document.js';
import { POINT_OF } from '#domain/medium.js';
import { evidence, externalId, id, instant, medium, pointKind, text } from './scalars.js';

export const HOLD_KINDS = [
  'dispute',
  'promise',
  'plan',
  'hardship',
  'bankruptcy',
  'legal',
  'manual',
  'reply',
] as const;

export const holdInput = z
  .strictObject({
    customerExternalId: externalId.optional(),
    invoiceExternalId: externalId
      .optional()
      .meta({ description: 'Every invoice of the customer unless given' }),
    kind: z.enum(HOLD_KINDS, `is no kind of hold; write one of ${HOLD_KINDS.join(', ')}`),
    reason: text(500).optional(),
    evidence: evidence.optional(),
    expiresAt: instant.optional().meta({ description: 'Until released unless given' }),
    effectiveAt: instant.optional().meta({ description: 'Now unless given' }),
  })
  .refine((hold) => (hold.customerExternalId ?? hold.invoiceExternalId) !== undefined, {
    path: ['customerExternalId'],
    message: 'is missing; write the customer or the invoice to hold',
  })
  .meta({ description: 'A pause of the outreach about one invoice, or to a customer' });

export const releaseInput = z
  .strictObject({ reason: text(500).optional() })
  .meta({ description: 'Why it ends' });

export const holdResource = z
  .object({
    id,
    customerExternalId: z.string(),
    invoiceExternalId: z.string().nullable(),
    kind: z.enum(HOLD_KINDS),
    state: z.enum(['active', 'released', 'expired']),
    reason: z.string().nullable(),
    evidence,
    effectiveAt: instant,
    recordedAt: instant,
    expiresAt: instant.nullable(),
    releasedAt: instant.nullable(),
  })
  .meta({ description: 'A pause of the outreach' });

const purpose = z
  .enum(STEP_PURPOSES, `is no purpose of a step; write one of ${STEP_PURPOSES.join(', ')}`)
  .meta({ description: 'What a step is for', example: 'reminder' });

export const suppressionInput = z
  .strictObject({
    kind: pointKind,
    value: text(254).meta({ description: 'The address, number or chat id', example: 'ann@example.com' }),
    medium: medium.optional().meta({ description: 'By this channel only; by every one unless given' }),
    purpose: purpose.optional().meta({ description: 'For steps of this purpose only; for all unless given' }),
    reason: text(500).meta({ example: 'opted out' }),
    evidence: evidence.optional(),
    effectiveAt: instant.optional().meta({ description: 'Now unless given' }),
  })
  .refine(({ kind, medium: by }) => by === undefined || POINT_OF[by] === kind, {
    path: ['medium'],
    message: 'does not use such an address; name a channel that does, or leave it out',
  })
  .meta({ description: 'Nothing is sent to this address any more, whoever has it' });

export const suppressionResource = z
  .object({
    id,
    kind: pointKind,
    value: z.string(),
    medium: medium.nullable().meta({ description: 'By this channel only; null: by every one' }),
    purpose: purpose.nullable().meta({ description: 'For steps of this purpose only; null: for all' }),
    reason: z.string(),
    evidence,
    effectiveAt: instant,
    recordedAt: instant,
    liftedAt: instant.nullable(),
  })
  .meta({ description: 'An address that nothing is sent to' });

export type HoldInput = z.output<typeof holdInput>;
export type HoldResource = z.output<typeof holdResource>;
export type SuppressionInput = z.output<typeof suppressionInput>;
export type SuppressionResource = z.output<typeof suppressionResource>;
