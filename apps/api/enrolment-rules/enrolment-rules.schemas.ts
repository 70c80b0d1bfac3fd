import { z } from 'zod';
import { amountOut } from '#contracts/schemas/scalars.js';
import { flag } from '../common/query-fields.js';

const taking = {
  invoices: z.int(),
  customers: z.int(),
  overdueInvoices: z.int(),
  overdueCustomers: z.int(),
  open: z.array(z.object({ currency: z.string(), amount: amountOut })),
};

export const previewQuery = z.strictObject({
  paused: flag.meta({ description: 'As if the paused rules were active' }),
});

export const previewResource = z
  .object({
    rules: z
      .array(
        z.object({
          rule: z.string().meta({ description: 'External id' }),
          name: z.string(),
          campaign: z.string().nullable(),
          isPublished: z
            .boolean()
            .meta({ description: 'False: its campaign has no published version; nothing is enrolled' }),
          ...taking,
        }),
      )
      .meta({ description: 'In the order in which they are asked' }),
    unmatched: z.object(taking).meta({ description: 'What no rule takes' }),
  })
  .meta({
    id: 'RulesPreview',
    description: 'What the rules would take of all open invoices that were never enrolled',
  });

const counts = z.array(z.object({ rule: z.string(), invoices: z.int() }));

export const rulesRunResource = z
  .object({
    enrolled: counts,
    waiting: counts.meta({ description: 'For a later day, since enough entered on this one' }),
    unpublished: counts.meta({ description: 'For a published version of the campaign' }),
    complete: z.boolean().meta({
      description: 'False: there is more than a request has time for; send it again, with another key',
    }),
  })
  .meta({ id: 'RulesRun', description: 'What rules have enrolled' });

export const ruleAnswersResource = z
  .object({
    isCandidate: z.boolean().meta({
      description: 'It is open, something of it is owed, and it was never enrolled: a rule may take it',
    }),
    rules: z.array(
      z.object({
        rule: z.string(),
        name: z.string(),
        campaign: z.string().nullable(),
        takes: z.boolean().meta({ description: 'It is the first whose conditions all hold' }),
        failed: z
          .array(z.string())
          .meta({ description: 'Its conditions that do not hold', example: ['customer.countries'] }),
      }),
    ),
  })
  .meta({ id: 'RuleAnswers', description: 'What each active rule says of an invoice, in their order' });

export type PreviewResource = z.output<typeof previewResource>;
export type RulesRunResource = z.output<typeof rulesRunResource>;
export type RuleAnswersResource = z.output<typeof ruleAnswersResource>;
