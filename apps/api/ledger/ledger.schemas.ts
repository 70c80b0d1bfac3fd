import { z } from 'zod';
import { id, instant, medium, messageMedium } from '#contracts/schemas/scalars.js';
import { contactMachine, statesOf } from '#domain/transitions.js';

const contactShape = {
  id,
  customerId: id,
  customerExternalId: z.string(),
  invoiceId: id.nullable(),
  invoiceExternalId: z.string().nullable(),
  enrolmentId: id.nullable(),
  medium: messageMedium,
  kind: z.enum(['reminder', 'statement', 'answer', 'confirmation', 'receipt']),
  purpose: z.string(),
  state: z.enum(statesOf(contactMachine)),
  outcomeCode: z.string().nullable(),
  provider: z.string(),
  providerId: z.string().nullable(),
  sentence: z.string(),
  factsVersion: z.int().meta({ description: "Version of the customer's facts it was decided at" }),
  decidedAt: instant,
  settledAt: instant.nullable(),
};

export const contactResource = z
  .object(contactShape)
  .meta({ id: 'Contact', description: 'One message to one recipient' });

export const contactDetailResource = z
  .object({
    ...contactShape,
    snapshot: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Exactly what went out, to whom and from whom' }),
  })
  .meta({ id: 'ContactDetail' });

const reason = z.object({ rule: z.string(), text: z.string() });

export const attemptResource = z
  .object({
    id,
    enrolmentId: id,
    customerExternalId: z.string(),
    invoiceExternalId: z.string(),
    campaignExternalId: z.string(),
    stepKey: z.string(),
    occurrence: z.int(),
    runNo: z.int(),
    dueAt: instant,
    decidedAt: instant,
    decision: z.enum(['sent', 'task', 'deferred', 'merged', 'suppressed']),
    reasons: z.array(reason),
    wasDeferred: z.boolean(),
    medium: medium.nullable(),
    variantKey: z.string().nullable(),
    contactId: id.nullable(),
    factsVersion: z.int(),
    sentence: z.string().meta({ description: 'The decision and why, in a sentence' }),
  })
  .meta({ id: 'Attempt', description: 'A step of an enrolment that came due, and what was decided' });

export type ContactResource = z.output<typeof contactResource>;
export type ContactDetailResource = z.output<typeof contactDetailResource>;
export type AttemptResource = z.output<typeof attemptResource>;
