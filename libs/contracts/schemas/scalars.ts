import { z } from 'zod';
import { isCurrency } from '#domain/currency.js';
import { isLocalDate, isZone } from '#domain/local-time.js';
import { MEDIA, MESSAGE_MEDIA } from '#domain/medium.js';
import { phoneProblem } from '#domain/phone-number.js';

/**
 * The words every schema is made of. No transforms: what is validated is what is stored, and `z.toJSONSchema` shows
 * all of it. A message reads `what is wrong; what to write`.
 */
const hasNoNul = (value: string): boolean => !value.includes('\0');
const NUL = 'contains a NUL character; remove it';

/** Free text, kept as it is: `=cmd|…` is a name like any other. */
export const text = (max: number) =>
  z
    .string('is no text; write a text')
    .min(1, 'is empty; write a text or leave it out')
    .max(max, `is too long; write at most ${max} characters`)
    .refine(hasNoNul, NUL);

/** The caller's own key of a thing. Case and everything else in it count. */
export const externalId = z
  .string('is no id; write the id that your own system uses')
  .min(1, 'is empty; write the id that your own system uses')
  .max(200, 'is too long; write at most 200 characters')
  .refine((id) => id.trim() === id, 'starts or ends with a space; remove it')
  .refine(hasNoNul, NUL);

/** Kindly's own key. */
export const id = z.uuid('is no id; write the UUID that Kindly gave it');

const AMOUNT = /^\d{1,15}(\.\d{1,4})?$/;

/** A decimal text in units of the currency, more than zero. Whether its decimals suit the currency is checked beside it. */
export const amount = z
  .string('is no amount; write a decimal text like "55.94"')
  .regex(AMOUNT, {
    error: ({ input }) =>
      String(input).startsWith('-')
        ? 'is negative; write an amount above zero, and record money given back as a credit note or a reversal'
        : 'is no amount; write a decimal text like "55.94", without thousands separators or signs of currency',
  })
  .refine((value) => !AMOUNT.test(value) || /[1-9]/.test(value), 'is zero; write an amount above zero')
  .meta({ description: 'Decimal text in units of the currency, above zero', example: '55.94' });

/** As {@link amount}, but may be zero. */
export const amountOrZero = z
  .string('is no amount; write a decimal text like "55.94"')
  .regex(AMOUNT, 'is no amount; write a decimal text like "55.94", zero or more')
  .meta({ description: 'Decimal text in units of the currency, zero or more', example: '9.99' });

/** An amount in an answer: always with the currency's decimals, below zero where a balance can be. */
export const amountOut = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: "Decimal text with the currency's own number of decimals", example: '55.94' });

export const currency = z
  .string('is no currency; write an ISO 4217 code in capitals like EUR')
  .refine(isCurrency, 'is no currency; write an ISO 4217 code in capitals like EUR')
  .meta({ description: 'ISO 4217 code', example: 'EUR', pattern: '^[A-Z]{3}$' });

export const localDate = z
  .string('is no date; write a day that exists like 2013-01-29')
  .refine(isLocalDate, 'is no date; write a day that exists like 2013-01-29')
  .meta({ description: 'Calendar day', format: 'date', example: '2013-01-29' });

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

export const instant = z
  .string('is no instant; write it like 2013-01-29T15:00:00Z')
  .refine(
    (value) => INSTANT.test(value) && isLocalDate(value.slice(0, 10)) && !Number.isNaN(Date.parse(value)),
    'is no instant; write it with its offset like 2013-01-29T15:00:00Z',
  )
  .meta({
    description: 'ISO 8601 instant with offset',
    format: 'date-time',
    example: '2013-01-29T15:00:00Z',
  });

export const zone = z
  .string('is no time zone; write an IANA name like Europe/Madrid')
  .refine(isZone, 'is no time zone; write an IANA name like Europe/Madrid')
  .meta({ description: 'IANA time zone', example: 'Europe/Madrid' });

export const country = z
  .string('is no country; write an ISO 3166-1 code like ES')
  .regex(/^[A-Z]{2}$/, 'is no country; write an ISO 3166-1 code in capitals like ES')
  .meta({ description: 'ISO 3166-1 alpha-2 code', example: 'ES' });

export const locale = z
  .string('is no locale; write a language tag like en or es-ES')
  .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'is no locale; write a language tag like en or es-ES')
  .meta({ description: 'BCP 47 language tag', example: 'en' });

export const medium = z
  .enum(MEDIA, `is no channel; write one of ${MEDIA.join(', ')}`)
  .meta({ description: 'Channel', example: 'email' });

export const messageMedium = z
  .enum(MESSAGE_MEDIA, `is no channel for messages; write one of ${MESSAGE_MEDIA.join(', ')}`)
  .meta({ description: 'Channel that delivers messages by itself', example: 'email' });

export const email = z
  .string('is no e-mail address; write it like ann@example.com')
  .max(254, 'is too long; write at most 254 characters')
  .regex(
    /^\s*[^\s@<>,;"]+@[^\s@<>,;".]+(\.[^\s@<>,;".]+)+\s*$/,
    'is no e-mail address; write it like ann@example.com',
  )
  .refine(hasNoNul, NUL)
  .meta({ description: 'E-mail address', example: 'ann@example.com' });

const phoneText = z
  .string('is no telephone number; write it like +447700900000')
  .max(40, 'is too long; write a number like +447700900000');

/** With the country code, since a national number is somebody else's in another country. */
export const phone = phoneText
  .refine((value) => phoneProblem(value) === null, {
    error: ({ input }) => phoneProblem(String(input)) ?? '',
  })
  .meta({ description: 'Telephone number with + and country code', example: '+447700900000' });

/** Or as people of its country write it, where the country stands beside it: whoever uses this checks the two together. */
export const phoneOfCountry = phoneText.meta({
  description: 'Telephone number with + and country code, or as people of the country beside it write it',
  example: '+447700900000',
});

export const telegramChatId = z
  .string('is no Telegram chat id; write its digits as a text')
  .regex(/^\s*-?\d{1,20}\s*$/, 'is no Telegram chat id; write its digits')
  .meta({ description: 'Telegram chat id', example: '100000' });

export const pointKind = z
  .enum(['email', 'phone', 'telegram'], 'is no kind of contact point; write email, phone or telegram')
  .meta({ description: 'Kind of contact point', example: 'email' });

/** What proves a fact: any JSON object. */
export const evidence = z
  .record(z.string(), z.unknown(), 'is no object; write a JSON object')
  .refine((value) => !/\\u0000/.test(JSON.stringify(value)), NUL)
  .refine(
    (value) => JSON.stringify(value).length <= 20_000,
    'is too large; write at most 20,000 characters of JSON',
  )
  .meta({ description: 'What proves it: any JSON object', example: { ticket: '4711' } });

/** May be left out (stays as it is), or null (is cleared). */
export const clearable = <T extends z.ZodType>(schema: T) => schema.nullable().optional();
