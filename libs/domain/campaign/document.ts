import { z } from 'zod';
import { isDuration, parseDuration, roughDays } from '#domain/duration.js';
import { isLocalTime } from '#domain/local-time.js';
import { MEDIA } from '#domain/medium.js';

/** Local time of a step that names none. */
export const DEFAULT_TIME = '10:00';

/** Upper bounds that keep one enrolment's history far below Temporal's limits. */
export const MAX_STEPS = 50;
export const MAX_OCCURRENCES = 100;

/** Contact policies a campaign may name. With any but `none` the laws that bind somebody apply besides. */
export const POLICIES = [
  'none',
  'courteous',
  'us-reg-f',
  'us-ma',
  'us-fl',
  'us-nyc',
  'uk-conc',
  'ru-230-fz',
] as const;

const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens, like second-notice');
/** Keeps every moment that a ladder of the longest durations can name within the years a date can hold. */
export const MAX_DURATION_DAYS = 3_660;
const duration = z
  .string()
  .refine(isDuration, {
    error: (issue) => `"${String(issue.input)}" is no ISO 8601 duration; write it like P3D, -P3D or PT5S`,
    abort: true,
  })
  .refine((text) => roughDays(parseDuration(text)) <= MAX_DURATION_DAYS, {
    error: (issue) => `"${String(issue.input)}" is longer than ten years; write a shorter one, like P3D`,
  });
const positiveDuration = duration.refine((text) => !text.startsWith('-') && /[1-9]/.test(text), {
  error: 'must be longer than zero, like P3D',
});
const localTime = z.string().refine(isLocalTime, {
  error: (issue) => `"${String(issue.input)}" is no local time; write it like "10:00"`,
});
const amount = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,4})?$/, 'write an amount as a decimal string, like "25.00"');

export const ANCHORS = [
  'issue_date',
  'due_date',
  'previous_step',
  'promise_date',
  'instalment_date',
] as const;
export const TRIGGERS = [
  'payment_failed',
  'promise_broken',
  'milestone_completed',
  'invoice_viewed',
] as const;
/** What a step is for; a person may refuse one and go on getting the other. */
export const STEP_PURPOSES = ['reminder', 'notice'] as const;
export type StepPurpose = (typeof STEP_PURPOSES)[number];
/** From the mildest to the harshest. */
export const TONES = ['friendly', 'neutral', 'firm'] as const;
export type Tone = (typeof TONES)[number];
export const SEND_TARGETS = ['preferred', ...MEDIA] as const;

const at = z
  .strictObject({
    anchor: z.enum(ANCHORS),
    offset: duration
      .default('P0D')
      .describe('ISO 8601; on the calendar, or on the clock when it counts hours or less'),
    time: localTime
      .optional()
      .describe("the customer's local time; 10:00 when the offset is on the calendar"),
    businessDays: z.boolean().default(false).describe('count the offset in working days of the customer'),
    roll: z.enum(['next', 'previous']).optional().describe('where a day that is no working day moves to'),
  })
  .describe('when the step comes due');

const variant = z.strictObject({
  key,
  weight: z.int().min(0).max(1_000_000).default(1),
  template: key,
});

const onlyIf = z
  .strictObject({
    balanceAtLeast: amount.optional().describe('in the currency of the invoice'),
    balanceAtMost: amount.optional(),
    customerKind: z.enum(['person', 'company']).optional(),
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'use ISO 3166 codes, like DE'))
      .min(1)
      .optional(),
  })
  .describe('the step is skipped, with that reason, unless all of this holds when it comes due');

const repeat = z.strictObject({
  every: positiveDuration,
  until: positiveDuration.optional().describe('how long after the first time'),
  max: z.int().min(1).max(MAX_OCCURRENCES).optional().describe('how often at most, the first time included'),
});

/** How the document of an invoice goes along with an e-mail. */
export const DOCUMENT_MODES = ['attach', 'link', 'none'] as const;
export type DocumentMode = (typeof DOCUMENT_MODES)[number];

const roles = z.array(z.string().min(1).max(40)).min(1).max(20);

const step = z.strictObject({
  key,
  at: at.optional(),
  on: z.enum(TRIGGERS).optional(),
  send: z.array(z.enum(SEND_TARGETS)).min(1).max(8).optional(),
  template: key.optional(),
  variants: z.array(variant).min(1).max(10).optional(),
  task: z.enum(['call']).optional(),
  unlessDelivered: positiveDuration
    .optional()
    .describe('how long a message may take to be seen to arrive before the next channel is tried'),
  waitFor: positiveDuration.optional().describe('how long the ladder waits for the outcome of a task'),
  approval: z
    .enum(['vip', 'always', 'never'])
    .default('vip')
    .describe(
      'whose messages wait for somebody to approve them: of customers marked as vip, of all, of nobody',
    ),
  recipients: z
    .union([
      roles,
      z.strictObject({ roles: roles.optional(), of: z.enum(['parent']).optional(), cc: roles.optional() }),
    ])
    .optional()
    .describe(
      "roles of contact persons, first match wins; with `of: parent`, people of the parent company, or else the customer's own; with `cc`, everybody at the customer of those roles gets a copy of an e-mail",
    ),
  document: z
    .enum(DOCUMENT_MODES)
    .optional()
    .describe("how the invoice's document goes along with an e-mail; as the creditor has it unless given"),
  validFor: positiveDuration
    .optional()
    .describe('how long after its moment the step still makes sense; then: too_late'),
  onlyIf: onlyIf.optional(),
  repeat: repeat.optional(),
  tone: z
    .enum(TONES)
    .optional()
    .describe("how it speaks; that of a shipped template unless given. The campaign's purpose limits it"),
  purpose: z.enum(STEP_PURPOSES).default('reminder'),
});

/** The one source of the campaign document's shape: types, API, OpenAPI and the published JSON Schema come from it. */
export const campaignDocumentSchema = z
  .strictObject({
    kindly: z.literal(1).describe('version of this format'),
    name: z.string().trim().min(1).max(200),
    purpose: z
      .enum(['on_time_payment', 'keep_relationship', 'change_behaviour', 'recover'])
      .default('on_time_payment')
      .describe('the goal of reminding; it limits the tone of the steps'),
    policy: z
      .enum(POLICIES)
      .default('courteous')
      .describe(
        'contact policy that the gate applies to everybody, besides the laws that bind each customer; none: neither, to be written out',
      ),
    entry: z
      .enum(['gentle', 'by_age', 'skip'])
      .default('gentle')
      .describe('where an invoice starts that is enrolled after steps have passed'),
    onPromiseBroken: z
      .union([z.enum(['same_step', 'next_step']), key])
      .default('same_step')
      .describe(
        'where the ladder goes on after a promise that was not kept: with the step that waited, with the one after it, or at the step of this key',
      ),
    whenExhausted: z
      .enum(['task', 'hand_over', 'nothing'])
      .default('task')
      .describe('what happens when the ladder has ended and the invoice is unpaid'),
    steps: z.array(step).min(1).max(MAX_STEPS),
  })
  .describe('A Kindly campaign: a ladder of steps around the due date of an invoice');

export type CampaignDocument = z.output<typeof campaignDocumentSchema>;
export type CampaignInput = z.input<typeof campaignDocumentSchema>;
export type Step = CampaignDocument['steps'][number];
export type StepTiming = NonNullable<Step['at']>;
export type Trigger = (typeof TRIGGERS)[number];
export type EntryRule = CampaignDocument['entry'];
export type SendTarget = (typeof SEND_TARGETS)[number];

/** Whether a step comes in every enrolment, and does not wait for an event or for dates that there may be none of. */
export const alwaysComes = ({ at }: Step): boolean =>
  at !== undefined && at.anchor !== 'promise_date' && at.anchor !== 'instalment_date';

/** Whom a step writes to, by roles in order; undefined: everybody. */
export const rolesOf = ({ recipients }: Step): readonly string[] | undefined =>
  recipients && 'roles' in recipients ? recipients.roles : asList(recipients);

/** Whether a step turns to the people of the parent company. */
export const asksParent = ({ recipients }: Step): boolean =>
  recipients !== undefined && !Array.isArray(recipients) && recipients.of === 'parent';

/** Whose copies of an e-mail a step sends. */
export const copiedRolesOf = ({ recipients }: Step): readonly string[] =>
  recipients && !Array.isArray(recipients) ? (recipients.cc ?? []) : [];

const asList = (recipients: Step['recipients']): readonly string[] | undefined =>
  Array.isArray(recipients) ? recipients : undefined;

/** Templates a step may use, in the order of its variants. */
export const templatesOf = (step: Step): string[] =>
  step.variants ? step.variants.map((variant) => variant.template) : step.template ? [step.template] : [];
