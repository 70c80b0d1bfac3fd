import { z } from 'zod';
import { ZONE_SOURCES } from '#domain/country-zones.js';
import { phoneProblem } from '#domain/phone-number.js';
import { ownRulesSchema, wishesPolicy } from '#domain/policy/own-rules.js';
import { opensSometimes } from './own-rules.js';
import {
  clearable,
  country,
  email,
  externalId,
  id,
  instant,
  locale,
  medium,
  phone,
  phoneOfCountry,
  pointKind,
  telegramChatId,
  text,
  zone,
} from './scalars.js';

export const addressSchema = z
  .strictObject({
    street: text(200).optional(),
    city: text(200).optional(),
    postcode: text(20).optional(),
    region: text(100).optional(),
    country: country.optional(),
  })
  .meta({ description: 'Postal address' });

export const accountManagerSchema = z.strictObject({ externalId, name: text(200), email, phone }).meta({
  description: 'Who looks after the customer at the creditor: reminders name them and their telephone',
});

const points = <T extends z.ZodType>(schema: T) => z.array(schema).max(20, 'are too many; write at most 20');

const telegramConsent = z
  .strictObject({
    how: text(500).meta({ example: 'customer portal, 14 March' }),
    at: instant.meta({ description: 'When they agreed' }),
  })
  .meta({
    description: 'That they agreed to direct messages: none goes to a chat without a consent on record',
  });

export const personInput = z
  .strictObject({
    externalId,
    roles: z
      .array(text(40))
      .min(1)
      .max(20)
      .optional()
      .meta({
        description: 'accounts_payable unless given; others as owner, escalation',
        example: ['accounts_payable'],
      }),
    name: clearable(text(200)),
    givenName: clearable(text(100)),
    familyName: clearable(text(100)),
    patronymic: clearable(text(100)),
    salutation: clearable(text(200)).meta({ description: 'How a letter opens', example: 'Dear Ms Smith' }),
    formality: clearable(z.enum(['formal', 'informal'], 'is no formality; write formal or informal')),
    locale: clearable(locale),
    emails: points(email).optional(),
    phones: points(phoneOfCountry).optional(),
    telegramChatIds: points(telegramChatId).optional(),
    telegramConsent: telegramConsent.optional(),
  })
  .meta({ description: 'A contact person. Points are in order of preference; one left out is retired' });

/** The telephone numbers of its contact people, each with where it stands. */
const numbersOf = (customer: {
  phone?: string | null | undefined;
  people?: { phones?: string[] | undefined }[] | undefined;
}): [(string | number)[], string][] => [
  ...(customer.phone ? [[['phone'], customer.phone] as [string[], string]] : []),
  ...(customer.people ?? []).flatMap(({ phones = [] }, person) =>
    phones.map((number, index): [(string | number)[], string] => [
      ['people', person, 'phones', index],
      number,
    ]),
  ),
];

const wishes = ownRulesSchema.superRefine(opensSometimes(wishesPolicy)).meta({
  description: 'When and how often they want to be contacted, on top of the rules that bind anyway',
});

const CONVENIENCE = ['email', 'phone', 'telegramChatId', 'telegramConsent'] as const;

/** What is optional and left out stays as it is (or gets its default, when new); null clears. */
export const customerInput = z
  .strictObject({
    externalId,
    kind: z.enum(['person', 'company'], 'is no kind of customer; write person or company').optional(),
    name: text(200).meta({ example: 'Sample Ltd' }),
    country: clearable(country),
    region: clearable(text(100)).meta({ description: 'State or province, as its holidays and rules differ' }),
    zone: clearable(zone).meta({
      description:
        "IANA time zone; where most people of the country are unless given, or the organisation's own",
    }),
    locale: locale.optional(),
    preferredMedium: clearable(medium),
    wishes: clearable(wishes),
    vip: z.boolean('is neither true nor false').optional().meta({
      description: 'Nothing goes out to them by itself: messages wait for somebody to approve them',
    }),
    address: clearable(addressSchema),
    parentExternalId: clearable(externalId).meta({ description: 'The customer this one belongs to' }),
    accountManager: clearable(accountManagerSchema),
    people: z.array(personInput).max(50, 'are too many; write at most 50').optional(),
    email: clearable(email).meta({ description: 'Short for one contact person with this address' }),
    phone: clearable(phoneOfCountry),
    telegramChatId: clearable(telegramChatId),
    telegramConsent: telegramConsent.optional(),
  })
  .superRefine((customer, context) => {
    const short = CONVENIENCE.filter((field) => customer[field] !== undefined);
    if (customer.people && short[0]) {
      const message = 'stands beside people; write it into people, or leave people out';
      context.addIssue({ code: 'custom', path: [short[0]], message });
    }
    for (const [path, number] of numbersOf(customer)) {
      const message = phoneProblem(number, customer.country);
      if (message) context.addIssue({ code: 'custom', path, message });
    }
    const ids = customer.people?.map((person) => person.externalId) ?? [];
    const double = ids.findIndex((each, index) => ids.indexOf(each) !== index);
    if (double >= 0) {
      const message = 'is there twice; give every person of a customer an id of its own';
      context.addIssue({ code: 'custom', path: ['people', double, 'externalId'], message });
    }
    if (customer.parentExternalId === customer.externalId) {
      context.addIssue({
        code: 'custom',
        path: ['parentExternalId'],
        message: 'is the customer itself; write another',
      });
    }
  })
  .meta({
    description:
      'A customer, created or updated by its external id. What is optional and left out stays as it is',
  });

export const contactPointResource = z.object({
  id,
  kind: pointKind,
  value: z.string(),
  status: z.enum(['active', 'invalid', 'retired']),
  reason: z.string().nullable(),
});

export const personResource = z.object({
  id,
  externalId: z.string(),
  roles: z.array(z.string()),
  name: z.string().nullable(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  patronymic: z.string().nullable(),
  salutation: z.string().nullable(),
  formality: z.enum(['formal', 'informal']).nullable(),
  locale: z.string().nullable(),
  points: z.array(contactPointResource),
});

export const customerResource = z
  .object({
    id,
    externalId: z.string(),
    kind: z.enum(['person', 'company']),
    name: z.string(),
    country: z.string().nullable(),
    region: z.string().nullable(),
    zone: z.string(),
    zoneSource: z.enum(ZONE_SOURCES).meta({
      description:
        'Where the zone is known from; `country`: where most people of it are, and hours are kept by every clock of it',
    }),
    locale: z.string(),
    preferredMedium: medium.nullable(),
    wishes: wishes.nullable(),
    vip: z.boolean(),
    address: addressSchema.nullable(),
    parentExternalId: z.string().nullable(),
    accountManager: z
      .object({ externalId: z.string(), name: z.string(), email: z.string(), phone: z.string() })
      .nullable(),
    people: z.array(personResource),
    erasedAt: instant
      .nullable()
      .meta({ description: 'When its people were forgotten, because they asked; null: they were not' }),
    recordedAt: instant,
  })
  .meta({ description: 'A customer' });

export type CustomerInput = z.output<typeof customerInput>;
export type PersonInput = z.output<typeof personInput>;
export type CustomerResource = z.output<typeof customerResource>;
