import { z } from 'zod';
import { RATINGS } from '#domain/payer-rating.js';
import { amountFindings } from './money-check.js';
import { amount, country, currency, externalId, id, instant, locale, localDate, text } from './scalars.js';

const someOf = <T extends z.ZodType>(item: T, max = 200) =>
  z
    .array(item)
    .min(1, 'is empty; write at least one, or leave it out')
    .max(max, `are too many; write at most ${max}`)
    .optional();

const overdue = z
  .strictObject({
    currency,
    atLeast: amount,
    days: z
      .int('is no number of days; write a whole number')
      .min(1, 'is no number of days; write 1 or more')
      .max(3_650, 'is too long; write at most 3650')
      .optional()
      .meta({ description: 'Counting what is overdue for at least as long; 1 unless given' }),
  })
  .check(({ value, issues }) => {
    for (const { path, message } of amountFindings(value.currency, [[['atLeast'], value.atLeast]]))
      issues.push({ code: 'custom', input: value, path: [...path], message });
  })
  .meta({ description: 'What of the customer is overdue in one currency, all invoices together' });

/** All that is written has to hold; of a list, one entry is enough. */
export const customerConditions = z
  .strictObject({
    kinds: someOf(z.enum(['person', 'company'], 'is no kind; write person or company')),
    countries: someOf(country).meta({ description: 'Where it is not known, none of these' }),
    regions: someOf(text(100)),
    locales: someOf(locale).meta({ description: '`de` takes `de-AT` too' }),
    ratings: someOf(z.enum(RATINGS, `is no rating; write one of ${RATINGS.join(', ')}`)).meta({
      description: 'How they have paid in the last two years',
    }),
    accountManagers: someOf(externalId).meta({ description: 'External ids' }),
    parents: someOf(externalId).meta({ description: 'External ids of parent companies' }),
    vip: z
      .boolean('is neither true nor false')
      .optional()
      .meta({ description: 'Whether they are marked as vip' }),
    customers: someOf(externalId, 1_000).meta({ description: 'External ids' }),
    overdue: overdue.optional(),
  })
  .meta({ description: 'Conditions on a customer: all that are written hold, of a list one entry' });

export const segmentInput = z
  .strictObject({
    externalId,
    name: text(200),
    filter: customerConditions.refine((filter) => Object.keys(filter).length > 0, {
      message: 'is empty; write at least one condition',
    }),
  })
  .meta({ description: 'A saved filter of customers' });

export const segmentResource = z
  .object({
    id,
    externalId: z.string(),
    name: z.string(),
    filter: customerConditions,
    recordedAt: instant,
  })
  .meta({
    id: 'Segment',
    description: 'A saved filter of customers; who is in it is looked up when it is used',
  });

/** All that is written has to hold; of a list, one entry is enough. */
export const invoiceConditions = z
  .strictObject({
    creditors: someOf(externalId).meta({ description: 'External ids' }),
    currencies: someOf(currency),
    kinds: someOf(text(40)),
    issuedFrom: localDate.optional().meta({ description: 'Issued on this day or later' }),
    daysOverdue: z
      .strictObject({
        atLeast: z.int('is no number of days; write a whole number').optional(),
        atMost: z.int('is no number of days; write a whole number').optional(),
      })
      .refine(({ atLeast, atMost }) => atLeast === undefined || atMost === undefined || atLeast <= atMost, {
        message: 'begins after it ends; write atLeast no greater than atMost',
      })
      .optional()
      .meta({ description: "By the customer's calendar; below zero: days until it is due" }),
  })
  .meta({ description: 'Conditions on an invoice: all that are written hold, of a list one entry' });

export type CustomerConditions = z.output<typeof customerConditions>;
export type InvoiceConditions = z.output<typeof invoiceConditions>;
export type SegmentInput = z.output<typeof segmentInput>;
export type SegmentResource = z.output<typeof segmentResource>;
