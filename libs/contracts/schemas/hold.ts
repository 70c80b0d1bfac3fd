import { z } from 'zod';
import { STEP_PURPOSES } from '#domain/campaign/document.js';
import { POINT_OF } from '#domain/medium.js';
import { HOLD_KINDS, HOLD_TRAITS, type HoldKind } from '#domain/holds.js';
import { amount, amountOut, evidence, externalId, id, instant, medium, pointKind, text } from './scalars.js';

const resume = z
  .discriminatedUnion(
    'rule',
    [
      z.strictObject({ rule: z.literal('same_step') }),
      z.strictObject({ rule: z.literal('next_step') }),
      z.strictObject({ rule: z.literal('restart') }),
      z.strictObject({ rule: z.literal('step'), step: text(63).meta({ description: 'Its key' }) }),
    ],
    'is no rule; write same_step, next_step, restart, or step with the key of one',
  )
  .meta({
    description:
      'Where the ladder goes on when it ends: with the step that waited (unless given), with the one after it, from its beginning as a run of its own, or at a named one; what is passed over never comes',
  });

const NO_PROOF = 'is missing; write the text or the document that shows it, with who said so and how';

const proof = z
  .object({
    who: text(200).optional().meta({ description: 'Who said so: a person of the customer, or of yours' }),
    how: text(500).optional().meta({ description: 'In which way', example: 'letter' }),
    text: text(4_000).optional().meta({ description: 'What was said or written' }),
    document: text(500)
      .optional()
      .meta({ description: 'Number or address of what shows it', example: 'Gazette 4711' }),
  })
  .catchall(z.unknown())
  .pipe(evidence)
  .meta({
    description:
      'Who said so, how, and the text or the document that shows it, which bankruptcy, breathing_space and deceased need; and whatever else does',
  });

interface HoldSaid {
  kind: HoldKind;
  amount?: string | undefined;
  invoiceExternalId?: string | undefined;
  evidence?: Record<string, unknown> | undefined;
}

/** What about a hold does not go with its kind; null when nothing. */
function holdProblem({ kind, amount: part, invoiceExternalId, evidence: shown }: HoldSaid) {
  const { isOfCustomer, needsEvidence } = HOLD_TRAITS[kind];
  if (isOfCustomer && invoiceExternalId !== undefined)
    return {
      field: 'invoiceExternalId',
      message: 'is too narrow; this kind holds all that a customer owes, so write customerExternalId',
    };
  if (needsEvidence && shown?.['text'] === undefined && shown?.['document'] === undefined)
    return { field: 'evidence', message: NO_PROOF };
  if (part !== undefined && kind !== 'dispute')
    return { field: 'amount', message: 'is for a dispute about a part; leave it out' };
  if (part !== undefined && invoiceExternalId === undefined)
    return { field: 'amount', message: 'is a part of one invoice; write which, or leave it out' };
  return null;
}

export const holdInput = z
  .strictObject({
    customerExternalId: externalId.optional(),
    invoiceExternalId: externalId
      .optional()
      .meta({ description: 'Every invoice of the customer unless given' }),
    kind: z.enum(HOLD_KINDS, `is no kind of hold; write one of ${HOLD_KINDS.join(', ')}`),
    amount: amount.optional().meta({
      description: 'The part of the invoice that is disputed: the rest is asked for. All of it unless given',
    }),
    reason: text(500).optional(),
    evidence: proof.optional(),
    expiresAt: instant.nullable().optional().meta({
      description:
        'Until released unless given; breathing_space lasts 60 days unless given, null: until released',
    }),
    resume: resume.optional(),
    effectiveAt: instant.optional().meta({ description: 'Now unless given' }),
  })
  .superRefine((hold, context) => {
    const problem = holdProblem(hold);
    if (problem) context.addIssue({ code: 'custom', path: [problem.field], message: problem.message });
  })
  .refine((hold) => (hold.customerExternalId ?? hold.invoiceExternalId) !== undefined, {
    path: ['customerExternalId'],
    message: 'is missing; write the customer or the invoice to hold',
  })
  .meta({ description: 'A pause of the outreach about one invoice, or to a customer' });

export const releaseInput = z
  .strictObject({ reason: text(500).optional() })
  .meta({ description: 'Why it ends' });

export const holdReleaseInput = z
  .strictObject({ reason: text(500).optional(), resume: resume.optional() })
  .meta({ description: 'Why it ends, and where the ladder goes on' });

export const holdResource = z
  .object({
    id,
    customerExternalId: z.string(),
    invoiceExternalId: z.string().nullable(),
    kind: z.enum(HOLD_KINDS),
    state: z.enum(['active', 'released', 'expired']),
    amount: amountOut
      .nullable()
      .meta({ description: 'The part of the invoice that is disputed; null: all of it' }),
    resume: resume.nullable(),
    stopsFees: z.boolean().meta({ description: 'Fees and interest have to stand still meanwhile' }),
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
export type HoldReleaseInput = z.output<typeof holdReleaseInput>;
export type HoldResource = z.output<typeof holdResource>;
export type SuppressionInput = z.output<typeof suppressionInput>;
export type SuppressionResource = z.output<typeof suppressionResource>;
