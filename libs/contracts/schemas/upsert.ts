import { z } from 'zod';
import { id } from './scalars.js';

/** Why a fact was not taken. The API says it with 404 for `unknown_*`, else 409 or 422. */
export const REFUSALS = [
  'unknown_customer',
  'unknown_creditor',
  'unknown_campaign',
  'unknown_segment',
  'unknown_parent',
  'unknown_consent',
  'unknown_invoice',
  'unknown_part',
  'unknown_payment',
  'unknown_credit_note',
  'unknown_allocation',
  'unknown_hold',
  'unknown_address',
  'unknown_suppression',
  'unknown_task',
  'unknown_message',
  'ambiguous_creditor',
  'ambiguous_reference',
  'ahead',
  'other_customer',
  'other_currency',
  'below_allocated',
  'part_in_use',
  'parts_differ',
  'over_allocated',
  'invoice_not_open',
  'differs',
  'wrong_state',
  'in_the_past',
  'in_the_future',
  'more_than_owed',
  'too_many_promises',
  'no_invoice',
  'not_enrolled',
  'invalid_value',
] as const;

export const writtenResource = z
  .object({ id, externalId: z.string(), result: z.enum(['created', 'updated', 'unchanged']) })
  .meta({ description: 'What became of an input' });

export const refusedResource = z
  .object({
    externalId: z.string(),
    result: z.literal('refused'),
    reason: z.enum(REFUSALS),
    field: z.string(),
    message: z.string(),
  })
  .meta({ description: 'An input that was not taken; `message` says why and what to do' });

export const upsertResource = z.discriminatedUnion('result', [writtenResource, refusedResource]);

export type RefusalReason = (typeof REFUSALS)[number];
/** Created, updated or unchanged. */
export type Written = z.output<typeof writtenResource>;
/** An expected failure: nothing of the input was written. `message` reads `what; remedy`. */
export type Refused = z.output<typeof refusedResource>;
export type UpsertResult = Written | Refused;
