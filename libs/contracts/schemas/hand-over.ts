import { z } from 'zod';
import { amountOut, instant, localDate } from './scalars.js';

const words = z.string().nullable();
const anything = z.record(z.string(), z.unknown());
const localMoment = z.string().meta({
  description: "The same moment by the customer's own clock",
  example: '2013-01-29 16:00',
});
const moment = { at: instant, localTime: localMoment };

const address = z.object({
  kind: z.string(),
  value: z.string(),
  status: z.string().meta({ description: 'active, or why it is not used', example: 'active' }),
});

const person = z.object({
  name: words,
  roles: z.array(z.string()),
  locale: words,
  addresses: z.array(address),
});

const part = z.object({
  sequence: z.int(),
  amount: amountOut,
  paid: amountOut,
  pending: amountOut,
  open: amountOut,
  dueOn: localDate.nullable(),
  milestone: words,
  completedAt: instant.nullable(),
});

const message = z.object({
  ...moment,
  kind: z.enum(['reminder', 'statement', 'answer', 'confirmation', 'receipt']),
  medium: z.string(),
  from: z.string(),
  to: z.string(),
  subject: words,
  text: z.string().meta({ description: 'As it was sent' }),
  provider: z.string(),
  providerId: words,
  state: z.string(),
  sentence: z.string().meta({ description: 'What became of it' }),
  receipts: z.array(z.object({ at: instant, kind: z.string(), byMachine: z.boolean() })),
});

const received = z.object({
  ...moment,
  medium: z.string(),
  from: z.string(),
  subject: words,
  text: z.string(),
  sentence: z.string(),
});

const money = z.object({
  ...moment,
  kind: z.enum(['payment', 'credit_note']),
  externalId: z.string(),
  method: words,
  reference: words,
  amount: amountOut.meta({ description: 'What of it was applied to this invoice' }),
  state: z.enum(['announced', 'applied', 'taken_back']),
  takenBackAt: instant.nullable(),
  takenBackBecause: words,
});

const task = z.object({
  ...moment,
  kind: z.string(),
  state: z.string(),
  completedAt: instant.nullable(),
  outcome: words,
  detail: anything.nullable().meta({ description: 'What was agreed or noted' }),
  sentence: z.string(),
});

const promise = z.object({
  ...moment,
  amount: amountOut,
  promisedOn: localDate,
  came: amountOut.meta({ description: 'What came in time' }),
  state: z.enum(['standing', 'kept', 'broken', 'cancelled']),
});

const plan = z.object({
  ...moment,
  parts: z.array(z.object({ dueOn: localDate, amount: amountOut, open: amountOut })),
  state: z.enum(['active', 'kept', 'broken', 'cancelled']),
  endedAt: instant.nullable().meta({ description: 'When it was broken or cancelled' }),
  evidence: anything.nullable(),
});

const hold = z.object({
  ...moment,
  kind: z.string(),
  amount: amountOut.nullable().meta({ description: 'Of a dispute about a part' }),
  ofWholeCustomer: z.boolean(),
  reason: words,
  evidence: anything,
  expiresAt: instant.nullable(),
  releasedAt: instant.nullable(),
});

const consent = z.object({
  ...moment,
  medium: z.string(),
  purpose: z.string(),
  address: words,
  state: z.enum(['granted', 'withdrawn', 'pending']),
  evidence: anything,
});

const suppression = z.object({
  ...moment,
  address: z.string(),
  medium: words,
  purpose: words,
  reason: words,
  liftedAt: instant.nullable(),
});

const campaign = z.object({
  ...moment,
  campaign: z.string(),
  version: z.int(),
  run: z.int(),
  endedAt: instant.nullable(),
  endedBecause: words,
});

const event = z.object({ ...moment, kind: z.string(), sentence: z.string() });

export const handOverPack = z
  .object({
    asOf: instant.meta({ description: "By the organisation's clock" }),
    organisation: z.string(),
    creditor: z.object({
      name: z.string(),
      party: z.enum(['first', 'third']),
      vatId: words,
      address: words,
      website: words,
      phone: z.string(),
      email: z.string(),
    }),
    customer: z.object({
      externalId: z.string(),
      kind: z.enum(['person', 'company']),
      name: z.string(),
      country: words,
      region: words,
      zone: z.string(),
      locale: z.string(),
      address: anything.nullable(),
      people: z.array(person),
    }),
    invoice: z.object({
      externalId: z.string(),
      number: z.string(),
      kind: z.string(),
      status: z.string(),
      currency: z.string(),
      issuedOn: localDate,
      dueOn: localDate,
      daysOverdue: z.int().meta({ description: "By the customer's calendar; below zero: not due yet" }),
      net: amountOut,
      tax: amountOut,
      total: amountOut,
      paid: amountOut,
      pending: amountOut,
      open: amountOut,
      disputed: amountOut.meta({ description: 'Of what is open' }),
      parts: z.array(part),
      document: z
        .object({ filename: z.string(), contentType: z.string(), bytes: z.int(), sha256: z.string() })
        .nullable(),
    }),
    campaigns: z.array(campaign),
    money: z.array(money),
    messages: z.array(message),
    received: z.array(received),
    tasks: z.array(task),
    promises: z.array(promise),
    plans: z.array(plan).meta({ description: 'Of instalments' }),
    holds: z.array(hold),
    consents: z.array(consent),
    suppressions: z.array(suppression),
    history: z.array(event).meta({
      description: 'Everything in one order of time, also what was not sent, and why',
    }),
  })
  .meta({
    id: 'HandOverPack',
    description: 'Everything said and paid about an invoice, for whoever goes on from here',
  });

export type HandOverPack = z.output<typeof handOverPack>;
