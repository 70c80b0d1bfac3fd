import { z } from 'zod';
import { text } from '#contracts/schemas/scalars.js';
import { SMS_ENCODINGS } from '#domain/medium.js';

const SOURCE_LIMIT = 200_000;

export const templateKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens, like second-notice')
  .meta({ example: 'second-notice' });

export const templateLocale = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is no locale; write a language tag like en or pt-BR')
  .meta({ example: 'en' });

export const templateInput = z
  .strictObject({
    subject: text(500).meta({ description: 'Liquid', example: 'Invoice {{ invoice.number }} is due' }),
    mjml: text(SOURCE_LIMIT).meta({ description: 'MJML with Liquid inside' }),
    text: text(SOURCE_LIMIT)
      .optional()
      .meta({ description: 'Text part of the e-mail; made from the HTML when absent' }),
    sms: text(2_000).meta({ description: 'Liquid' }),
    direct: text(4_000).optional().meta({ description: 'Direct message; the SMS when absent' }),
    purpose: z
      .enum(['reminder', 'confirmation'])
      .optional()
      .meta({ description: 'A reminder must say what is owed and how to pay it' }),
  })
  .meta({ description: 'A template in one locale, as a person writes it' });

const shape = {
  key: templateKey,
  locale: templateLocale,
  origin: z.enum(['own', 'shipped']),
  number: z
    .int()
    .nullable()
    .meta({ description: "Version of the organisation's own; null for a shipped one" }),
};

export const templateResource = z.object(shape).meta({ id: 'Template' });
export const templateDetailResource = z
  .object({ ...shape, source: templateInput })
  .meta({ id: 'TemplateDetail' });

const warnings = z.array(z.object({ path: z.string().meta({ example: 'sms' }), message: z.string() })).meta({
  description:
    'What makes the SMS cost more than it needs to: many parts, or a few characters outside GSM-7. It can be used all the same',
});

export const savedTemplateResource = templateDetailResource
  .extend({ warnings })
  .meta({ id: 'SavedTemplate' });

export const previewResource = z
  .object({
    subject: z.string(),
    html: z.string(),
    text: z.string(),
    sms: z.string(),
    direct: z.string(),
    smsParts: z
      .object({ encoding: z.enum(SMS_ENCODINGS), segments: z.int(), units: z.int() })
      .meta({ description: 'What a provider would bill for the SMS' }),
    warnings,
  })
  .meta({ id: 'TemplatePreview', description: 'What a template says to a made-up customer' });

export type TemplateInput = z.output<typeof templateInput>;
export type TemplateResource = z.output<typeof templateResource>;
export type TemplateDetailResource = z.output<typeof templateDetailResource>;
export type SavedTemplateResource = z.output<typeof savedTemplateResource>;
export type PreviewResource = z.output<typeof previewResource>;
