import { z } from 'zod';
import { PROFILES } from '#domain/policy/profiles.js';
import { text } from './scalars.js';

/** Policies, and their rules and duties that can be switched off: what Kindly keeps anyway cannot. */
const SWITCHES = PROFILES.flatMap(({ key, rules, duties = [] }) => {
  const own = [...rules, ...duties.filter(({ kind }) => kind !== 'kept')];
  return own.length === 0 ? [] : [key, ...own.map((each) => `${key}/${each.key}`)];
});

export const switchedOff = z
  .array(
    z.strictObject({
      rule: z
        .string()
        .refine((rule) => SWITCHES.includes(rule), {
          error: ({ input }) =>
            `"${String(input)}" is no rule that can be switched off; GET /v1/contact-policies says which can (canSwitchOff), like us-fl/hours`,
        })
        .meta({ description: 'A policy, or one of its rules', example: 'us-fl/hours' }),
      reason: text(500).meta({ description: 'Why it need not be kept; it stays on record' }),
    }),
  )
  .max(100)
  .refine(
    (all) => new Set(all.map(({ rule }) => rule)).size === all.length,
    'has a rule twice; write each once',
  )
  .meta({ description: 'Rules of the policies that ship that are not applied in this organisation' });

const rule = z.object({
  key: z.string(),
  kind: z.enum(['hours', 'blackout', 'cap', 'silence', 'consent', 'opt_out', 'kept']),
  text: z.string().meta({ description: 'What it says' }),
  keptBy: z.string().nullable().meta({ description: 'By what of Kindly; null: the gate, at each contact' }),
  canSwitchOff: z.boolean().meta({ description: 'False: Kindly keeps it anyway' }),
  isOn: z.boolean().meta({ description: 'Whether it is applied in this organisation' }),
  reason: z.string().nullable().meta({ description: 'Why it was switched off' }),
});

export const contactPolicyResource = z
  .object({
    key: z.string(),
    name: z.string(),
    source: z.string().meta({ description: 'Where its rules are written' }),
    checkedOn: z.iso.date().nullable().meta({ description: 'When it was last compared with its source' }),
    binds: z
      .object({
        customer: z.enum(['person', 'company']).optional(),
        countries: z.array(z.string()).readonly().optional(),
        region: z.string().optional(),
        party: z.enum(['first', 'third']).optional(),
        stage: z.enum(['before_due', 'after_due']).optional(),
      })
      .nullable()
      .meta({
        description:
          'Whom, wherever a campaign names any policy; null: whom a campaign that names it writes to',
      }),
    canBeNamed: z
      .boolean()
      .meta({ description: 'Whether a campaign can name it, to bind everybody it writes to' }),
    rules: z.array(rule),
  })
  .meta({
    id: 'ContactPolicy',
    description: 'When, how often and under what conditions somebody may be contacted',
  });

export type SwitchedOff = z.output<typeof switchedOff>;
export type ContactPolicyResource = z.output<typeof contactPolicyResource>;
