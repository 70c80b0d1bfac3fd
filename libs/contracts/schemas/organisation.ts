import { z } from 'zod';
import { isPause } from '#domain/conversation.js';
import { MESSAGE_MEDIA } from '#domain/medium.js';
import { lastsAtMost } from '#domain/duration.js';
import { housePolicy, ownRulesSchema } from '#domain/policy/own-rules.js';
import { switchedOff } from './contact-policy.js';
import { opensSometimes } from './own-rules.js';
import { externalId, id, instant, text, zone } from './scalars.js';
import { stopResource } from './stop.js';

export const organisationInput = z
  .strictObject({
    externalId: externalId.optional(),
    name: text(200),
    kind: z
      .enum(['live', 'test'], 'is no kind of organisation; write live or test')
      .meta({ description: 'A test organisation has its own clock and never reaches a real provider' }),
    zone: zone.optional().meta({ description: 'Of customers that have none; UTC unless given' }),
    clockNow: instant
      .optional()
      .meta({ description: "Where a test organisation's clock starts; now unless given" }),
  })
  .refine(({ kind, clockNow }) => kind === 'test' || clockNow === undefined, {
    path: ['clockNow'],
    message: 'belongs to a test organisation; leave it out, a live one runs on real time',
  })
  .meta({ description: 'A tenant' });

const replyPause = z
  .string('is no duration; write it like P3D')
  .refine(isPause, 'is no pause; write an ISO 8601 duration of 30 days at most, like P3D or PT36H')
  .meta({
    description: 'How long what a customer writes pauses their outreach: an ISO 8601 duration',
    example: 'P3D',
  });

const booksMayLag = z
  .string('is no duration; write it like P2D')
  .refine(
    (text) => lastsAtMost(text, 60),
    'is no duration of 60 days at most; write an ISO 8601 duration like P2D or PT36H',
  )
  .meta({
    description:
      'How far back the newest payments may be known before nothing goes out any more; null: nobody looks',
    example: 'P2D',
  });

const statementDays = z
  .int('is no whole number of days')
  .min(1, 'is too few; write 1 or more')
  .max(7, 'is too many; write 7 or fewer')
  .meta({
    description:
      'What is due to a person within so many of their days, today included, goes out as one statement; 1 unless given',
  });

const houseRules = ownRulesSchema.superRefine(opensSometimes(housePolicy)).meta({
  description: 'When and how often anybody is contacted, on top of the policy that a campaign names',
});

const doubleOptIn = z
  .array(z.enum(MESSAGE_MEDIA, `is no medium of messages; write one of ${MESSAGE_MEDIA.join(', ')}`))
  .max(MESSAGE_MEDIA.length)
  .meta({
    description: 'Media whose consents count only when the owner of the address has confirmed them',
    example: ['telegram'],
  });

export const organisationUpdate = z
  .strictObject({
    name: text(200).optional(),
    zone: zone.optional(),
    replyPause: replyPause.optional(),
    houseRules: houseRules.optional().meta({ description: 'All of them; an empty list ends them' }),
    switchedOff: switchedOff
      .optional()
      .meta({ description: 'All rules of contact policies that are not applied; an empty list applies all' }),
    statementDays: statementDays.optional(),
    booksMayLag: booksMayLag.nullable().optional(),
    doubleOptIn: doubleOptIn.optional(),
    dailyCeiling: z
      .int('write a whole number')
      .min(1, 'write 1 or more, or stop the organisation')
      .nullable()
      .optional()
      .meta({ description: 'Messages that may go out on one of its days; null: any number' }),
  })
  .meta({ description: 'What of an organisation can change' });

export const organisationResource = z
  .object({
    id,
    externalId: z.string().nullable(),
    name: z.string(),
    kind: z.enum(['live', 'test']),
    zone: z.string(),
    clockNow: instant.nullable(),
    replyPause,
    dailyCeiling: z.int().nullable(),
    houseRules,
    switchedOff,
    statementDays,
    booksMayLag: booksMayLag.nullable(),
    doubleOptIn,
    booksAreStale: z
      .boolean()
      .meta({ description: 'Payments are known less far than booksMayLag allows: nothing goes out' }),
    recordedAt: instant,
    stops: z.array(stopResource).meta({ description: 'Nothing goes out while one stands' }),
  })
  .meta({ description: 'A tenant' });

export type OrganisationInput = z.output<typeof organisationInput>;
export type OrganisationUpdate = z.output<typeof organisationUpdate>;
export type OrganisationResource = z.output<typeof organisationResource>;
