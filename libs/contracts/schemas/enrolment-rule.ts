import { z } from 'zod';
import { amountFindings } from './money-check.js';
import { amount, clearable, currency, externalId, id, instant, text } from './scalars.js';
import { customerConditions, invoiceConditions } from './segment.js';

const audience = z
  .strictObject({
    segments: z
      .array(externalId)
      .min(1, 'is empty; write at least one, or leave it out')
      .max(20, 'are too many; write at most 20')
      .optional()
      .meta({ description: 'External ids; it is enough to be in one of them' }),
    customer: customerConditions.optional(),
    invoice: invoiceConditions.optional(),
  })
  .meta({
    description: 'Whom it takes: one of the segments, and the conditions; everybody where it is empty',
  });

const minimumBalance = z
  .array(z.strictObject({ currency, amount }))
  .max(50, 'are too many; write at most 50')
  .check(({ value, issues }) => {
    const seen = new Set<string>();
    value.forEach((each, at) => {
      for (const { path, message } of amountFindings(each.currency, [[[at, 'amount'], each.amount]]))
        issues.push({ code: 'custom', input: value, path: [...path], message });
      if (seen.has(each.currency))
        issues.push({
          code: 'custom',
          input: value,
          path: [at, 'currency'],
          message: 'stands here twice; write each currency once',
        });
      seen.add(each.currency);
    });
  })
  .meta({ description: 'What is open on the invoice, at least; none for a currency that is left out' });

export const enrolmentRuleInput = z
  .strictObject({
    externalId,
    name: text(200),
    campaign: externalId.nullable().meta({
      description: 'External id of the campaign it enrols in; null: these invoices are enrolled nowhere',
    }),
    priority: z
      .int('is no priority; write a whole number from 1 to 1000')
      .min(1, 'is no priority; write a whole number from 1 to 1000')
      .max(1_000, 'is no priority; write a whole number from 1 to 1000')
      .optional()
      .meta({ description: 'The lowest is asked first; 100 unless given' }),
    audience: audience.optional(),
    except: audience
      .refine((value) => Object.keys(value).length > 0, { message: 'is empty; write null for no exception' })
      .nullable()
      .optional()
      .meta({ description: 'Whom it leaves to the rules after it, though they are of its audience' }),
    minimumBalance: minimumBalance.optional(),
    entry: clearable(
      z.enum(['gentle', 'by_age', 'skip'], 'is no entry rule; write gentle, by_age or skip'),
    ).meta({
      description: "Where an invoice starts that is overdue already; the campaign's own rule unless given",
    }),
    overduePerDay: clearable(
      z.int('write a whole number').min(1, 'write 1 or more, or null for any number').max(1_000_000),
    ).meta({
      description:
        'Customers with overdue invoices that enter on one day, the longest overdue first; they enter by night. Null: any number',
    }),
    onlyAtNight: z
      .boolean()
      .optional()
      .meta({ description: 'Enrols by night alone, for books whose payments come in after their invoices' }),
    state: z
      .enum(['active', 'paused'], 'is no state; write active or paused')
      .optional()
      .meta({ description: 'A new rule is paused unless it says otherwise: see its preview first' }),
  })
  .meta({ description: 'Which invoices enter which campaign by themselves' });

export const enrolmentRuleResource = z
  .object({
    id,
    externalId: z.string(),
    name: z.string(),
    campaign: z.string().nullable(),
    priority: z.int(),
    audience,
    except: audience.nullable(),
    minimumBalance: z.array(z.object({ currency: z.string(), amount: z.string() })),
    entry: z.enum(['gentle', 'by_age', 'skip']).nullable(),
    overduePerDay: z.int().nullable(),
    onlyAtNight: z.boolean(),
    state: z.enum(['active', 'paused']),
    recordedAt: instant,
  })
  .meta({ id: 'EnrolmentRule', description: 'Which invoices enter which campaign by themselves' });

export type Audience = z.output<typeof audience>;
export type EnrolmentRuleInput = z.output<typeof enrolmentRuleInput>;
export type EnrolmentRuleResource = z.output<typeof enrolmentRuleResource>;
