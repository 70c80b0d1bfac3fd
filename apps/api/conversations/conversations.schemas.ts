import { z } from 'zod';
import { id, instant, localDate, messageMedium } from '#contracts/schemas/scalars.js';
import { RECEIPT_KINDS } from '#domain/delivery.js';
import { INBOUND_READINGS } from '#domain/conversation.js';
import { contactMachine, statesOf } from '#domain/transitions.js';
import { pageQuery } from '../common/pagination.js';
import { flag, reference } from '../common/query-fields.js';

const reading = z.enum(INBOUND_READINGS).meta({
  description: 'How it was read: a person’s words, a machine’s, or a word on whether messages are wanted',
});

const attachment = z.object({ filename: z.string(), contentType: z.string(), bytes: z.int() });

const CONTACT_KINDS = ['reminder', 'statement', 'answer', 'confirmation', 'receipt'] as const;

export const conversationEntry = z
  .object({
    id,
    direction: z.enum(['out', 'in']),
    medium: messageMedium,
    at: instant.meta({ description: 'When it was sent, or written' }),
    address: z.string().meta({ description: 'Of the customer: where it went to, or came from' }),
    subject: z.string().nullable(),
    text: z.string(),
    invoiceExternalId: z.string().nullable(),
    thread: z.string().nullable().meta({ description: 'The same for all that belongs together' }),
    kind: z.enum(CONTACT_KINDS).nullable().meta({ description: 'Of a message that went out' }),
    state: z.enum(statesOf(contactMachine)).nullable().meta({ description: 'Of a message that went out' }),
    delivery: z.enum(RECEIPT_KINDS).nullable().meta({ description: 'Of a message that went out' }),
    reading: reading.nullable(),
    answers: id.nullable().meta({ description: 'The message that it answers' }),
    returnsOn: localDate
      .nullable()
      .meta({ description: 'When its writer is back, as an automatic reply says' }),
    attachments: z.array(attachment),
  })
  .meta({ id: 'ConversationEntry', description: 'One message between an organisation and a customer' });

export const inboundResource = z
  .object({
    id,
    medium: messageMedium,
    from: z.string(),
    fromName: z.string().nullable(),
    to: z.array(z.string()),
    subject: z.string().nullable(),
    text: z.string(),
    attachments: z.array(attachment),
    reading: reading.nullable().meta({ description: 'null: not read yet' }),
    returnsOn: localDate.nullable(),
    customerId: id.nullable().meta({ description: 'null: nobody can say whose it is' }),
    customerExternalId: z.string().nullable(),
    matchedBy: z
      .enum(['reference', 'address', 'token', 'person'])
      .nullable()
      .meta({ description: 'By what it is known whose it is; `person`: somebody said so' }),
    invoiceExternalId: z.string().nullable(),
    effectiveAt: instant,
    recordedAt: instant,
  })
  .meta({ id: 'InboundMessage', description: 'What somebody wrote to one of our addresses' });

export const conversationQuery = z.strictObject({ ...pageQuery, medium: messageMedium.optional() });

export const inboundQuery = z.strictObject({
  ...pageQuery,
  matched: flag.meta({ description: 'Whether it is known whose it is' }),
  medium: messageMedium.optional(),
  reading: reading.optional(),
  customer: reference,
});

export const assignmentInput = z
  .strictObject({
    customer: z
      .string('is missing; write the id of a customer, or ext: and their external id')
      .min(1, 'is empty; write the id of a customer, or ext: and their external id')
      .max(250, 'is too long; write the id of a customer')
      .meta({ example: 'ext:C-1' }),
  })
  .meta({ description: 'Whose it is' });

export const telegramLinkResource = z
  .object({ link: z.url().meta({ example: 'https://t.me/acme_bot?start=t…' }) })
  .meta({
    id: 'TelegramLink',
    description: 'Opens a chat with the bot, which becomes a contact point of the person',
  });

export type ConversationEntry = z.output<typeof conversationEntry>;
export type ConversationQuery = z.output<typeof conversationQuery>;
export type InboundResource = z.output<typeof inboundResource>;
export type InboundQuery = z.output<typeof inboundQuery>;
export type AssignmentInput = z.output<typeof assignmentInput>;
export type TelegramLinkResource = z.output<typeof telegramLinkResource>;
