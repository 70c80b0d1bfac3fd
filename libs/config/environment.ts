import { z } from 'zod';
import { durationMs, isClockDuration, isDuration, parseDuration } from '#domain/duration.js';
import { MESSAGE_MEDIA } from '#domain/medium.js';
import { isUuid } from '#domain/uuid.js';

/** The environment, as a process gets it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const POSTGRES_URL = 'write postgres://user:password@host:5432/database';
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const parses = (value: string, protocols: readonly string[]): boolean =>
  URL.canParse(value) && protocols.includes(new URL(value).protocol);

const isWait = (value: string): boolean =>
  isDuration(value) && isClockDuration(parseDuration(value)) && !value.startsWith('-');

const text = z.string().trim().min(1);
const database = text
  .refine((value) => parses(value, ['postgres:', 'postgresql:']) && new URL(value).pathname.length > 1, {
    error: `is no address of a database; ${POSTGRES_URL}`,
  })
  .optional();
const url = text.refine((value) => parses(value, ['http:', 'https:']), {
  error: 'is no web address; write one like https://kindly.example.com',
});
const address = text.regex(/^[^\s/:]+:\d{1,5}$/, 'is no address; write host:port, like localhost:7233');
const port = z.coerce
  .number('is no number; write 1 to 65535')
  .int('is no whole number; write 1 to 65535')
  .min(1, 'is no port; write 1 to 65535')
  .max(65_535, 'is no port; write 1 to 65535');
const count = z.coerce
  .number('is no number; write 1 or more')
  .int('is no whole number; write 1 or more')
  .min(1, 'is too small; write 1 or more');
const perSecond = z.coerce
  .number('is no number; write one above 0')
  .positive('is too small; write a number above 0')
  .optional();
const flag = z
  .enum(['true', 'false'], 'is neither true nor false; write one of them')
  .transform((value) => value === 'true');
const media = text
  .transform((value) => value.split(',').map((each) => each.trim()))
  .pipe(
    z.array(
      z.enum(
        MESSAGE_MEDIA,
        `is not all media; write one or more of ${MESSAGE_MEDIA.join(', ')}, with commas`,
      ),
    ),
  );
const unguessable = text.regex(
  /^[A-Za-z0-9_-]{16,256}$/,
  'is not safe in an address; write 16 to 256 letters, digits, _ or -, as from: openssl rand -hex 32',
);
const waits = text
  .transform((value) => value.split(',').map((each) => each.trim()))
  .refine((all) => all.every(isWait), {
    error:
      'is no list of waits; write one or more durations of hours, minutes or seconds, with commas, like PT1M,PT5M,PT1H',
  })
  .transform((all) => all.map((each) => durationMs(parseDuration(each))));
const secret = (example: string) => text.min(8, `is too short to be right; ${example}`);

/** Every variable that Kindly reads, each by itself; how they depend on each other is in `config.ts`. */
export const environmentSchema = z.object({
  DATABASE_URL: database,
  DATABASE_APP_URL: database,
  DATABASE_SYSTEM_URL: database,
  KINDLY_APP_PASSWORD: text.optional(),
  KINDLY_SYSTEM_PASSWORD: text.optional(),

  TEMPORAL_ADDRESS: address.default('localhost:7233'),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_TLS: flag.optional(),
  TEMPORAL_TLS_SERVER_NAME: text.optional(),
  TEMPORAL_TLS_CA_FILE: text.optional(),
  TEMPORAL_TLS_CERT_FILE: text.optional(),
  TEMPORAL_TLS_KEY_FILE: text.optional(),

  PORT: port.default(3000),
  HOST: text.default('0.0.0.0'),
  KINDLY_PUBLIC_URL: url.optional(),
  KINDLY_ROOT_KEY: text
    .min(32, 'is too short to be safe; write at least 32 characters, as from: openssl rand -hex 32')
    .optional(),

  SENDGRID_API_KEY: text.startsWith('SG.', 'is no key of SendGrid; it begins with SG.').optional(),
  SENDGRID_BASE_URL: url.optional(),
  SENDGRID_TRACKING: flag.optional(),
  SENDGRID_WEBHOOK_KEY: secret(
    'write the verification key that SendGrid shows for the Signed Event Webhook',
  ).optional(),
  SENDGRID_INBOUND_KEY: secret(
    'write the public key of the security policy that SendGrid signs incoming mail by',
  ).optional(),
  SENDGRID_INBOUND_SECRET: unguessable.optional(),
  SMTP_HOST: text.optional(),
  SMTP_PORT: port.default(587),
  SMTP_SECURE: flag.optional(),
  SMTP_REQUIRE_TLS: flag.optional(),
  SMTP_USER: text.optional(),
  SMTP_PASSWORD: text.optional(),
  IMAP_HOST: text.optional(),
  IMAP_PORT: port.default(993),
  IMAP_SECURE: flag.optional(),
  IMAP_REQUIRE_TLS: flag.default(true),
  IMAP_USER: text.optional(),
  IMAP_PASSWORD: text.optional(),
  IMAP_FOLDER: text.default('INBOX'),
  IMAP_ORGANISATION: text
    .refine(isUuid, {
      error: 'is no id of an organisation; write the uuid that GET /v1/organisations/current shows',
    })
    .optional(),
  TWILIO_ACCOUNT_SID: text.startsWith('AC', 'is no account of Twilio; it begins with AC').optional(),
  TWILIO_AUTH_TOKEN: secret("write the token from Twilio's console").optional(),
  TWILIO_API_KEY_SID: text.startsWith('SK', 'is no API key of Twilio; it begins with SK').optional(),
  TWILIO_STATUS_CALLBACK_URL: url.optional(),
  TWILIO_WEBHOOK_TOKEN: secret("write the account's own token from Twilio's console").optional(),
  TWILIO_EDGE: text.optional(),
  TWILIO_REGION: text.optional(),
  TWILIO_BASE_URL: url.optional(),
  TELEGRAM_BOT_TOKEN: text
    .regex(/^\d+:\S+$/, 'is no token of a bot; write what @BotFather shows, like 123456:ABC')
    .optional(),
  TELEGRAM_BOT_NAME: text
    .regex(/^\w{5,32}$/, 'is no user name of a bot; write it without @, like acme_bot')
    .optional(),
  TELEGRAM_BASE_URL: url.optional(),
  TELEGRAM_WEBHOOK_SECRET: text
    .regex(
      /^[A-Za-z0-9_-]{16,256}$/,
      'is not safe in an address; write 16 to 256 letters, digits, _ or -, as from: openssl rand -hex 32',
    )
    .optional(),
  KINDLY_OUTBOX_DIRECTORY: text.optional(),
  KINDLY_WEBHOOKS_ALLOW_PRIVATE: flag.default(false),

  KINDLY_RESEND_UNKNOWN: media.default([]),
  KINDLY_EMAIL_PER_SECOND: perSecond,
  KINDLY_SMS_PER_SECOND: perSecond,
  KINDLY_SOCIAL_PER_SECOND: perSecond,
  KINDLY_RECONCILE_AFTER: waits.optional(),
  KINDLY_RELEASE_PER_SECOND: count.default(20),
  KINDLY_MAX_ACTIVITIES: count.default(50),
  // Temporal's SDK keeps one for tasks that are not sticky.
  KINDLY_MAX_WORKFLOW_TASKS: count.min(2, 'write 2 or more').default(40),
  KINDLY_CACHED_WORKFLOWS: count.default(1000),
  KINDLY_DATABASE_POOL: count.default(10),
  LOG_LEVEL: z.enum(LOG_LEVELS, `write one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

export type Variables = z.output<typeof environmentSchema>;
export type VariableName = keyof Variables;

/** A variable and what to write in it; its value is never shown, for it may be a secret. */
export interface VariableProblem {
  variable: VariableName;
  message: string;
}

/** What depends on more than one variable, on those that are set: a list of problems, empty when all is well. */
export type CrossCheck = (given: ReadonlySet<VariableName>) => VariableProblem[];

/** A group needs all of its variables once one of them is set. */
const together =
  (...names: VariableName[]): CrossCheck =>
  (given) =>
    names.some((name) => given.has(name))
      ? names
          .filter((name) => !given.has(name))
          .map((variable) => ({
            variable,
            message: `is missing; it belongs to ${names.filter((n) => n !== variable).join(', ')}`,
          }))
      : [];

const needs =
  (name: VariableName, ...others: VariableName[]): CrossCheck =>
  (given) =>
    given.has(name) && !others.every((other) => given.has(other))
      ? [{ variable: name, message: `does nothing alone; set ${others.join(' and ')} as well` }]
      : [];

const roleUrl =
  (url: VariableName, password: VariableName): CrossCheck =>
  (given) => {
    if (given.has(url)) return [];
    if (!given.has('DATABASE_URL'))
      return [{ variable: url, message: `is missing; ${POSTGRES_URL}, or set DATABASE_URL` }];
    if (given.has(password)) return [];
    return [{ variable: password, message: `is missing; write the password of the role, or set ${url}` }];
  };

export const CROSS_CHECKS: readonly CrossCheck[] = [
  roleUrl('DATABASE_APP_URL', 'KINDLY_APP_PASSWORD'),
  roleUrl('DATABASE_SYSTEM_URL', 'KINDLY_SYSTEM_PASSWORD'),
  together('TEMPORAL_TLS_CERT_FILE', 'TEMPORAL_TLS_KEY_FILE'),
  together('TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'),
  together('SMTP_USER', 'SMTP_PASSWORD'),
  together('IMAP_HOST', 'IMAP_USER', 'IMAP_PASSWORD'),
  needs('SMTP_USER', 'SMTP_HOST'),
  needs('IMAP_ORGANISATION', 'IMAP_HOST'),
  needs('TWILIO_API_KEY_SID', 'TWILIO_ACCOUNT_SID'),
  needs('TWILIO_WEBHOOK_TOKEN', 'TWILIO_ACCOUNT_SID'),
  needs('TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_BOT_TOKEN'),
];
