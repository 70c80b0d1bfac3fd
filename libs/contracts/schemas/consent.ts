import { z } from 'zod';
import { externalId, id, instant, medium, text } from './scalars.js';

/** Who said so, and how. */
export const saidEvidence = z
  .object({
    who: text(200).meta({ description: 'Who said so', example: 'Anna Smith' }),
    how: text(500).meta({ description: 'In which way', example: 'web form https://example.com/contact' }),
    text: text(4_000).optional().meta({ description: 'What they were shown, or said' }),
  })
  .catchall(z.unknown())
  .meta({ description: 'What proves it: who, how, the text that was shown, and whatever else does' });

export const CONSENT_PURPOSES = ['messages', 'offers'] as const;

export const consentInput = z
  .strictObject({
    customerExternalId: externalId,
    medium,
    purpose: z
      .enum(CONSENT_PURPOSES, `is no purpose; write ${CONSENT_PURPOSES.join(' or ')}`)
      .optional()
      .meta({
        description: '`messages` (unless given): anything by this channel; `offers`: discounts and the like',
      }),
    address: text(254)
      .optional()
      .meta({ description: 'One address or number of the customer; all of them unless given' }),
    state: z.enum(['granted', 'withdrawn'], 'is no state; write granted or withdrawn'),
    evidence: saidEvidence,
    effectiveAt: instant.optional().meta({ description: 'When it was said; now unless given' }),
  })
  .meta({ description: 'What a customer said of messages by a channel; the last word holds' });

export const consentResource = z
  .object({
    id,
    customerExternalId: z.string(),
    medium,
    purpose: z.string(),
    address: z.string().nullable(),
    state: z
      .enum(['granted', 'withdrawn', 'pending'])
      .meta({ description: '`pending`: its owner has still to confirm it; until then it allows nothing' }),
    evidence: z.record(z.string(), z.unknown()),
    effectiveAt: instant,
    recordedAt: instant,
  })
  .meta({ description: 'What a customer said of messages by a channel' });

export const erasureInput = z
  .strictObject({ reason: text(500).meta({ example: 'asked to be forgotten' }), evidence: saidEvidence })
  .meta({
    description: 'Why the people of a customer are forgotten, and what proves that they asked for it',
  });

export type ErasureInput = z.output<typeof erasureInput>;
export type ConsentInput = z.output<typeof consentInput>;
export type ConsentResource = z.output<typeof consentResource>;
