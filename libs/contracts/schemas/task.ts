import { z } from 'zod';
import { TASK_KINDS } from '#domain/task.js';
import type { PlainOutcome } from '#domain/task-outcomes.js';
import {
  amount,
  amountOut,
  currency,
  externalId,
  id,
  instant,
  localDate,
  messageMedium,
  phone,
  text,
} from './scalars.js';

const common = {
  note: text(4000).optional(),
  confirmBy: messageMedium.optional().meta({
    description:
      'Confirm what was agreed in writing, by this channel; not after no_answer, voicemail, third_party, wrong_number, wrong_person, answered or handed_over',
  }),
};

const plain = (outcome: Exclude<PlainOutcome, 'approved' | 'declined'>) =>
  z.strictObject({ outcome: z.literal(outcome), ...common });

export const taskOutcomeInput = z
  .discriminatedUnion(
    'outcome',
    [
      plain('reached'),
      plain('no_answer'),
      plain('voicemail'),
      z.strictObject({ outcome: z.literal('callback'), at: instant, ...common }),
      plain('third_party'),
      z.strictObject({
        outcome: z.literal('wrong_number'),
        phone: phone.optional().meta({ description: 'The number dialled; the one of the task unless given' }),
        ...common,
      }),
      z.strictObject({ outcome: z.literal('promise'), amount, promisedOn: localDate, ...common }),
      z.strictObject({
        outcome: z.literal('dispute'),
        reason: text(500),
        amount: amount
          .optional()
          .meta({ description: 'The part that is disputed: the rest is asked for. All of it unless given' }),
        ...common,
      }),
      plain('refused'),
      plain('resend_invoice'),
      plain('already_paid'),
      plain('wrong_person'),
      plain('answered'),
      plain('handed_over'),
    ],
    'is no outcome; write reached, no_answer, voicemail, callback, third_party, wrong_number, promise, dispute, refused, resend_invoice, already_paid, wrong_person, answered or handed_over',
  )
  .meta({
    description: 'What came of a task',
    example: { outcome: 'promise', amount: '55.94', promisedOn: '2013-02-15' },
  });

export const approvalInput = z
  .strictObject({
    approved: z
      .boolean('is neither true nor false')
      .meta({ description: 'Whether the message may go out; if not, it never does, and the ladder goes on' }),
    note: text(4000).optional(),
  })
  .meta({ description: 'The answer to whether a message may go out' });

export const callInput = z
  .strictObject({
    customerExternalId: externalId.optional(),
    invoiceExternalId: externalId
      .optional()
      .meta({ description: 'What it was about; all that the customer owes unless given' }),
    at: instant.optional().meta({ description: 'When it was made; now unless given' }),
    outcome: taskOutcomeInput,
  })
  .refine((call) => (call.customerExternalId ?? call.invoiceExternalId) !== undefined, {
    path: ['customerExternalId'],
    message: 'is missing; write whom was called, or the invoice that it was about',
  })
  .meta({ description: 'A call that no task asked for' });

export const taskResource = z
  .object({
    id,
    kind: z.enum(TASK_KINDS),
    customerId: id,
    customerExternalId: z.string(),
    invoiceExternalId: z.string().nullable(),
    stepKey: z.string().nullable(),
    state: z.enum(['open', 'done', 'expired', 'cancelled']),
    assignee: z.string().nullable(),
    dueAt: instant,
    waitUntil: instant.nullable(),
    brief: z.record(z.string(), z.unknown()),
    outcome: z.string().nullable(),
    outcomeDetail: z.record(z.string(), z.unknown()).nullable(),
    completedBy: z.string().nullable(),
    completedAt: instant.nullable(),
    recordedAt: instant,
  })
  .meta({ description: 'Human work that the ladder asked for' });

export const promiseResource = z
  .object({
    id,
    invoiceExternalId: z.string(),
    sequence: z.int(),
    amount: amountOut,
    currency,
    promisedOn: localDate,
    cancelledAt: instant.nullable(),
    effectiveAt: instant,
    recordedAt: instant,
  })
  .meta({ description: 'What a customer undertook to pay, and by when' });

export type ApprovalInput = z.output<typeof approvalInput>;
export type CallInput = z.output<typeof callInput>;
export type TaskOutcomeInput = z.output<typeof taskOutcomeInput>;
export type TaskResource = z.output<typeof taskResource>;
export type PromiseResource = z.output<typeof promiseResource>;
