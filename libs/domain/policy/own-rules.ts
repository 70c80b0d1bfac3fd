import { z } from 'zod';
import { type Instant, parseInstant } from '#domain/instant.js';
import { addDays, isLocalDate, isLocalTime } from '#domain/local-time.js';
import { MEDIA, type Medium } from '#domain/medium.js';
import { permit } from './permit.js';
import type { ContactPolicy, PolicyRule } from './policy.js';
import { PROFILES } from './profiles.js';

/** What happened longer ago is not read, so that no window may be longer. */
const LONGEST_WINDOW_DAYS = 31;
const MOST_RULES = 30;
const LONGEST_BLACKOUT_DAYS = 60;

const key = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,39}$/,
    'is no key; use lower-case letters, digits and underscores, like evenings',
  );
const media = z
  .array(z.enum(MEDIA, `is no channel; write one of ${MEDIA.join(', ')}`))
  .min(1, 'is empty; name a channel, or leave it out for all of them')
  .optional();
const time = z.string().refine(isLocalTime, 'is no local time; write it like 09:00');
const date = z.string().refine(isLocalDate, 'is no date; write it like 2026-12-24');
const hours = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => !isLocalTime(from) || !isLocalTime(to) || from < to, {
    path: ['to'],
    message: 'is not later than from; hours end on the day that they begin on, by 23:59',
  })
  .optional();
const count = (max: number, unit: string) =>
  z
    .int(`is no whole number of ${unit}`)
    .min(1, 'is too small; write 1 or more')
    .max(max, `is too large; write ${max} at most`);

const within = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('elapsed'), hours: count(LONGEST_WINDOW_DAYS * 24, 'hours') }),
    z.strictObject({ kind: z.literal('days'), days: count(LONGEST_WINDOW_DAYS, 'days') }),
    z.strictObject({ kind: z.literal('calendar'), unit: z.enum(['day', 'week', 'month']) }),
  ])
  .meta({
    description: 'Hours on the clock, days of their calendar, or until the next day, Monday or month',
  });

const rule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hours'),
    key,
    media,
    open: z
      .strictObject({ weekday: hours, weekend: hours, sunday: hours, holiday: hours })
      .meta({ description: 'On their clock; a kind of day that is left out is closed' }),
  }),
  z.strictObject({
    kind: z.literal('cap'),
    key,
    media,
    max: count(1_000, 'contacts'),
    within,
    per: z.enum(['person', 'debt', 'address']),
  }),
  z.strictObject({
    kind: z.literal('silence'),
    key,
    media,
    after: z.enum(['conversation', 'payment']),
    within,
    per: z.enum(['person', 'debt']),
  }),
  z
    .strictObject({ kind: z.literal('blackout'), key, media, from: date, to: date })
    .refine(({ from, to }) => from <= to, {
      path: ['to'],
      message: 'is before from; write the last day of it',
    })
    .refine(({ from, to }) => !isLocalDate(from) || to < addDays(from, LONGEST_BLACKOUT_DAYS), {
      path: ['to'],
      message: `is too late; a blackout lasts ${LONGEST_BLACKOUT_DAYS} days at most`,
    }),
]);

/** Rules of an organisation or of a customer, on top of those that bind anyway. Refused when they leave no moment open. */
export const ownRulesSchema = z
  .array(rule)
  .max(MOST_RULES, `are too many; write at most ${MOST_RULES}`)
  .superRefine((rules, context) => {
    const keys = rules.map((each) => each.key);
    const double = keys.findIndex((each, index) => keys.indexOf(each) !== index);
    if (double >= 0)
      context.addIssue({
        code: 'custom',
        path: [double, 'key'],
        message: 'is there twice; give each rule its own',
      });
  });

export type OwnRules = z.output<typeof ownRulesSchema>;

const ownPolicy =
  (key: string, name: string, source: string) =>
  (rules: readonly PolicyRule[]): ContactPolicy => ({
    key,
    name,
    source,
    checkedOn: null,
    scope: null,
    rules,
  });

export const housePolicy = ownPolicy('house', 'House rules', 'the organisation');
export const wishesPolicy = ownPolicy('wishes', 'Their own wish', 'the customer');

/** Mondays of a quarter each, so that what is closed by date is seen apart from what is closed by weekday. */
const SAMPLES: readonly Instant[] = ['2026-01-05', '2026-04-06', '2026-07-06', '2026-10-05'].map((day) =>
  parseInstant(`${day}T00:00:00Z`),
);

/**
 * Why rules never let anything through by some channel: alone, or beside a policy that comes with Kindly.
 *
 * @param policies of the organisation and the customer
 * @returns null when there is a moment for every channel; reads `what; what to do`
 */
export function contradictionIn(policies: readonly ContactPolicy[]): string | null {
  for (const medium of MEDIA) {
    if (isNeverOpen(policies, medium)) return `leave no moment open for ${medium}; widen their hours`;
    const against = PROFILES.find((profile) => isNeverOpen([...policies, profile], medium));
    if (against)
      return `leave no moment open for ${medium} beside the policy ${against.key}; widen their hours`;
  }
  return null;
}

const isNeverOpen = (policies: readonly ContactPolicy[], medium: Medium): boolean =>
  SAMPLES.some((now) => {
    const approach = { medium, personId: null, address: null, invoiceIds: ['any'] };
    const place = { zone: 'UTC', country: null, region: null };
    const facts = { place, contacts: [], conversations: [], payments: [] };
    return permit(policies, approach, facts, () => false, now).at === null;
  });
