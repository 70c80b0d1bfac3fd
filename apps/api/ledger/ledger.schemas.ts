import { z } from 'zod';
import { id, instant, medium, messageMedium } from '#contracts/schemas/scalars.js';
import { SMS_ENCODINGS } from '#domain/medium.js';
import { RECEIPT_KINDS, RESOLUTIONS } from '#domain/delivery.js';
import { contactMachine, statesOf } from '#domain/transitions.js';
import { ATTEMPT_STATES } from '#engine/reading/index.js';

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
  delivery: z.enum(RECEIPT_KINDS).nullable().meta({
    description:
      'What the receipts of its provider come to; null while there are none. What scanners and proxies open does not count.',
  }),
  deliveredAt: instant.nullable(),
  resolution: z
    .enum(RESOLUTIONS)
    .nullable()
    .meta({
      description: [
        'How it became known what became of a message whose provider gave no clear answer:',
        '`receipt`: its provider told of it later; `look_up`: its provider had it when asked;',
        '`treated_as_sent`: nobody knows, and it counts as sent; `released`: nobody knows, and it may be sent once more.',
        'Null for all others, and while it is looked for.',
      ].join(' '),
    }),
  provider: z.string(),
  providerId: z.string().nullable(),
  parts: z.int().min(1).nullable().meta({
    description: 'In how many parts an SMS goes out, each of which is billed; null for other messages',
    example: 2,
  }),
  encoding: z.enum(SMS_ENCODINGS).nullable().meta({
    description: 'Of an SMS: 160 characters fit one part in `GSM-7`, 70 in `UCS-2`',
  }),
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

const count = z.int().min(0);

export const ledgerSummaryResource = z
  .object({
    from: instant,
    to: instant.nullable(),
    messages: z.array(
      z.object({
        provider: z.string(),
        medium: messageMedium,
        state: contactShape.state,
        delivery: contactShape.delivery,
        resolution: contactShape.resolution,
        count,
        parts: count.nullable().meta({
          description:
            'Of SMS: the parts of all of them, by which providers bill; of those counted that have a number of parts, and null where none has',
        }),
      }),
    ),
    unknown: z
      .object({
        lookedFor: count.meta({ description: 'They may have gone out, and are being looked for' }),
        oldestLookedFor: instant.nullable(),
        treatedAsSent: count.meta({ description: 'Nobody will find out about them; they count as sent' }),
        byReceipt: count.meta({ description: 'Their provider told of them later' }),
        byLookUp: count.meta({ description: 'Their provider had them when asked' }),
        released: count.meta({ description: 'Nothing was found of them, and their step may send once more' }),
      })
      .meta({ description: 'Messages whose provider gave no clear answer' }),
  })
  .meta({ id: 'LedgerSummary', description: 'Messages counted by what became of them' });

const reason = z.object({ rule: z.string(), text: z.string() });

const STATE_DESCRIPTION = [
  'What became of it. Of a message that was to go out:',
  '`sending`: the provider is being called;',
  '`sent`: the provider accepted it;',
  '`not_delivered`: the provider could not be reached or asked to wait;',
  '`rejected`: the provider refused it for good;',
  '`unknown`: no clear answer came, it may have gone out and is not sent again.',
  'Of anything else it is the decision.',
].join(' ');

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
    decision: z.enum(['sent', 'task', 'deferred', 'merged', 'suppressed']).meta({
      description:
        'What the gate decided, before anybody was called: `sent` says that a message was to go out, and `state` whether it did',
    }),
    state: z.enum(ATTEMPT_STATES).meta({ description: STATE_DESCRIPTION }),
    retryAt: instant.nullable().meta({
      description:
        'When a message that was `not_delivered` is tried again at the earliest; null: not, or due now',
    }),
    reasons: z.array(reason),
    wasDeferred: z.boolean(),
    deferredBy: z.array(z.string()).meta({
      description: 'Rules that put it off before it was decided: `hold`, `courteous/three_a_week`, …',
    }),
    medium: medium.nullable(),
    variantKey: z.string().nullable(),
    contactId: id.nullable(),
    factsVersion: z.int(),
    sentence: z.string().meta({ description: 'What became of it and why, in a sentence' }),
  })
  .meta({
    id: 'Attempt',
    description: 'A step of an enrolment that came due, what was decided, and what became of it',
  });

export type ContactResource = z.output<typeof contactResource>;
export type ContactDetailResource = z.output<typeof contactDetailResource>;
export type LedgerSummaryResource = z.output<typeof ledgerSummaryResource>;
export type AttemptResource = z.output<typeof attemptResource>;
