import { z } from 'zod';
import { amount, currency, id, instant, localDate, medium, text } from '#contracts/schemas/scalars.js';
import { enrolmentMachine, statesOf } from '#domain/transitions.js';
import { pageQuery } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';

const entry = z.enum(['gentle', 'by_age', 'skip'], 'is no entry rule; write gentle, by_age or skip');
const required = text(250).meta({
  description: 'A uuid, or `ext:` and the external id',
  example: 'ext:INV-2041',
});

const filter = z
  .strictObject({
    status: z.literal('open', 'only open invoices can be enrolled; write open or leave it out').optional(),
    dueFrom: localDate.optional(),
    dueTo: localDate.optional().meta({ description: 'This day included' }),
    customer: reference,
    minAmount: amount.optional().meta({ description: 'Still open, at least; needs the currency' }),
    currency: currency.optional(),
  })
  .refine(({ minAmount, currency: of }) => minAmount === undefined || of !== undefined, {
    path: ['currency'],
    message: 'is missing; an amount means nothing without its currency',
  });

export const enrolInput = z
  .strictObject({
    campaign: required,
    version: z.int().min(1).optional().meta({ description: 'The newest published one unless given' }),
    entry: entry
      .optional()
      .meta({ description: "For invoices enrolled late; the campaign's own rule unless given" }),
    invoices: z
      .array(required)
      .min(1)
      .max(1000, 'too many; send at most 1000 at once, or a filter')
      .optional(),
    filter: filter.optional(),
  })
  .refine(({ invoices, filter: by }) => (invoices === undefined) !== (by === undefined), {
    path: ['invoices'],
    message: 'write either invoices or filter, and not both',
  })
  .meta({ description: 'Which invoices to enrol in which campaign' });

const result = z.enum(['enrolled', 'already_enrolled', 'not_open', 'unknown']);

export const enrolledResource = z
  .object({
    enrolled: z.int(),
    alreadyEnrolled: z.int(),
    notOpen: z.int(),
    unknown: z.int(),
    complete: z.boolean().meta({
      description: 'False: a filter found more than a request has time for; send it again, with another key',
    }),
    invoices: z
      .array(z.object({ invoice: z.string(), result, enrolmentId: id.nullable() }))
      .meta({ description: 'One for each that was named; empty for a filter' }),
  })
  .meta({ id: 'Enrolled' });

export const enrolmentQuery = z.strictObject({
  ...pageQuery,
  campaign: reference,
  invoice: reference,
  customer: reference,
  state: z.enum(statesOf(enrolmentMachine)).optional(),
});

const shape = {
  id,
  invoiceId: id,
  invoiceExternalId: z.string(),
  customerExternalId: z.string(),
  campaignExternalId: z.string(),
  versionNumber: z.int(),
  runNo: z.int(),
  entry,
  state: z.enum(statesOf(enrolmentMachine)),
  endedReason: z.string().nullable(),
  enrolledAt: instant,
  endedAt: instant.nullable(),
  nextDueAt: instant.nullable().meta({ description: 'As last planned' }),
  planned: z.boolean().meta({ description: 'The plan has caught up with the facts' }),
  paused: z.boolean().meta({ description: 'It, or its whole campaign, is kept back until somebody resumes' }),
};

export const enrolmentResource = z
  .object(shape)
  .meta({ id: 'Enrolment', description: 'One invoice in one campaign version' });

export const enrolmentDetailResource = z
  .object({
    ...shape,
    next: z.object({
      kind: z.enum(['act', 'wait', 'finished']),
      at: instant.nullable(),
      stepKey: z.string().nullable(),
      medium: medium.nullable(),
      sentence: z
        .string()
        .meta({ example: 'Step "overdue" is due on 2013-01-30 at 10:00 (Europe/Madrid) by e-mail.' }),
    }),
    upcoming: z
      .array(z.object({ stepKey: z.string(), occurrence: z.int(), at: instant.nullable() }))
      .meta({ description: 'Steps not decided yet, as things stand' }),
  })
  .meta({ id: 'EnrolmentDetail' });

export const endInput = z
  .strictObject({ reason: text(500).optional() })
  .meta({ description: 'Why, for the record' });

export type EnrolInput = z.output<typeof enrolInput>;
export type EnrolFilter = NonNullable<EnrolInput['filter']>;
export type EnrolledResource = z.output<typeof enrolledResource>;
export type EnrolmentQuery = z.output<typeof enrolmentQuery>;
export type EnrolmentResource = z.output<typeof enrolmentResource>;
export type EnrolmentDetailResource = z.output<typeof enrolmentDetailResource>;
export type EndInput = z.output<typeof endInput>;
