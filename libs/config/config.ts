import type { ChannelsConfig } from '#channels/registry.js';
import type { ImapConfig } from '#channels/imap/imap-mailbox.js';
import type { WebhooksConfig } from '#channels/webhooks.js';
import { QUEUE_OF } from '#contracts/engine.js';
import type { MessageMedium } from '#domain/medium.js';
import { localEnvironment } from './local-environment.js';
import { CROSS_CHECKS, environmentSchema } from './environment.js';
import type { Environment, LogLevel, VariableName, VariableProblem, Variables } from './environment.js';

/** Everything an installation can set, read and checked once at boot. Nothing else reads the environment. */
export interface Config {
  database: DatabaseConfig;
  temporal: TemporalConfig;
  api: ApiConfig;
  /** As `createChannels` takes it. */
  channels: ChannelsConfig;
  /** As `createWebhooks` takes it. */
  webhooks: WebhooksConfig;
  /** Where mail comes in that no webhook brings. */
  imap?: ImapConfig;
  worker: WorkerConfig;
  logLevel: LogLevel;
}

export interface DatabaseConfig {
  /** Of whoever owns the tables; only migrations need it. */
  ownerUrl?: string;
  appUrl: string;
  systemUrl: string;
  /** For the migrate command, which gives them to the roles. Absent where somebody else runs the roles. */
  passwords?: { appPassword: string; systemPassword: string };
  /** Connections of the app role per process. */
  poolSize: number;
}

export interface TemporalConfig {
  /** host:port */
  address: string;
  namespace: string;
  tls?: TemporalTlsConfig;
}

/** Paths of PEM files; without any, the system's certificate authorities are trusted and no client certificate is shown. */
export interface TemporalTlsConfig {
  serverName?: string;
  caFile?: string;
  certFile?: string;
  keyFile?: string;
}

export interface ApiConfig {
  port: number;
  host: string;
  /** Without a slash at its end. What links in messages begin with. */
  publicUrl: string;
  /** The user name of the Telegram bot, without @. */
  telegramBot?: string;
  /** Creates organisations and their first keys. Without it nobody can, over HTTP. */
  rootKey?: string;
}

export interface WorkerConfig {
  maxConcurrentActivities: number;
  maxConcurrentWorkflowTasks: number;
  /** Sleeping workflows kept in memory, some 150 kB each; the others are replayed when they wake. */
  maxCachedWorkflows: number;
  /** Media whose messages are sent once more when nobody can say what became of them; others count as sent. */
  resendUnknown: readonly MessageMedium[];
  /** Steps of a queue begun in one second, by all workers together; without a limit where absent. By the name of the queue. */
  queueRates: Readonly<Record<string, number | undefined>>;
  /** Waits before each look at what became of such a message, in milliseconds; the engine's own unless given. */
  reconcileAfterMs?: readonly number[];
  /** Enrolments of one organisation that are woken in one second after an emergency stop. */
  releasePerSecond: number;
  /** Webhooks may go to private and loopback addresses and by plain http: where every tenant is trusted. */
  allowPrivateWebhooks: boolean;
}

/** Lists every variable that is wrong, and what to write in it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(readonly problems: readonly VariableProblem[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable} ${message}`);
    super(`The environment is not usable:\n${lines.join('\n')}`);
  }
}

/**
 * @param environment `process.env`; an empty variable counts as one that is not set
 * @throws {ConfigError}
 */
export const loadConfig = (environment: Environment): Config => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const names = new Set(Object.keys(given)) as ReadonlySet<string> as ReadonlySet<VariableName>;
  const parsed = environmentSchema.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => ({
      variable: issue.path[0] as VariableName,
      message: issue.message,
    })),
    ...CROSS_CHECKS.flatMap((check) => check(names)),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data);
};

const toConfig = (variables: Variables): Config => ({
  database: databaseOf(variables),
  temporal: temporalOf(variables),
  api: apiOf(variables),
  channels: channelsOf(variables),
  webhooks: webhooksOf(variables),
  imap: imapOf(variables),
  worker: {
    maxConcurrentActivities: variables.KINDLY_MAX_ACTIVITIES,
    maxConcurrentWorkflowTasks: variables.KINDLY_MAX_WORKFLOW_TASKS,
    maxCachedWorkflows: variables.KINDLY_CACHED_WORKFLOWS,
    resendUnknown: variables.KINDLY_RESEND_UNKNOWN,
    queueRates: {
      [QUEUE_OF.email]: variables.KINDLY_EMAIL_PER_SECOND,
      [QUEUE_OF.sms]: variables.KINDLY_SMS_PER_SECOND,
      [QUEUE_OF.telegram]: variables.KINDLY_SOCIAL_PER_SECOND,
    },
    reconcileAfterMs: variables.KINDLY_RECONCILE_AFTER,
    releasePerSecond: variables.KINDLY_RELEASE_PER_SECOND,
    allowPrivateWebhooks: variables.KINDLY_WEBHOOKS_ALLOW_PRIVATE,
  },
  logLevel: variables.LOG_LEVEL,
});

const withUser = (url: string, user: string, password: string): string => {
  const changed = new URL(url);
  changed.username = user;
  changed.password = encodeURIComponent(password);
  return changed.href;
};

const databaseOf = (variables: Variables): DatabaseConfig => {
  const {
    DATABASE_URL: ownerUrl,
    KINDLY_APP_PASSWORD: appPassword,
    KINDLY_SYSTEM_PASSWORD: systemPassword,
  } = variables;
  return {
    ownerUrl,
    // The cross-checks made sure that the URL or both of its sources are there.
    appUrl: variables.DATABASE_APP_URL ?? withUser(ownerUrl ?? '', 'kindly_app', appPassword ?? ''),
    systemUrl:
      variables.DATABASE_SYSTEM_URL ?? withUser(ownerUrl ?? '', 'kindly_system', systemPassword ?? ''),
    passwords: appPassword && systemPassword ? { appPassword, systemPassword } : undefined,
    poolSize: variables.KINDLY_DATABASE_POOL,
  };
};

const temporalOf = (variables: Variables): TemporalConfig => {
  const files = {
    serverName: variables.TEMPORAL_TLS_SERVER_NAME,
    caFile: variables.TEMPORAL_TLS_CA_FILE,
    certFile: variables.TEMPORAL_TLS_CERT_FILE,
    keyFile: variables.TEMPORAL_TLS_KEY_FILE,
  };
  const tls = variables.TEMPORAL_TLS ?? Object.values(files).some((value) => value !== undefined);
  return {
    address: variables.TEMPORAL_ADDRESS,
    namespace: variables.TEMPORAL_NAMESPACE,
    tls: tls ? files : undefined,
  };
};

const apiOf = ({
  PORT: port,
  HOST: host,
  KINDLY_PUBLIC_URL: url,
  KINDLY_ROOT_KEY: rootKey,
  TELEGRAM_BOT_NAME: telegramBot,
}: Variables): ApiConfig => ({
  port,
  host,
  publicUrl: (url ?? `http://localhost:${port}`).replace(/\/+$/, ''),
  telegramBot,
  rootKey,
});

const channelsOf = (variables: Variables): ChannelsConfig => ({
  sendgrid: variables.SENDGRID_API_KEY
    ? {
        apiKey: variables.SENDGRID_API_KEY,
        baseUrl: variables.SENDGRID_BASE_URL,
        tracking: variables.SENDGRID_TRACKING,
      }
    : undefined,
  smtp: smtpOf(variables),
  twilio: twilioOf(variables),
  telegram: variables.TELEGRAM_BOT_TOKEN
    ? { botToken: variables.TELEGRAM_BOT_TOKEN, baseUrl: variables.TELEGRAM_BASE_URL }
    : undefined,
  outboxDirectory: variables.KINDLY_OUTBOX_DIRECTORY ?? null,
});

/** Twilio signs with the account's token, which is the one it sends by unless that is the secret of a key. */
const webhooksOf = (variables: Variables): WebhooksConfig => {
  const ownToken = variables.TWILIO_API_KEY_SID ? undefined : variables.TWILIO_AUTH_TOKEN;
  const token = variables.TWILIO_WEBHOOK_TOKEN ?? ownToken;
  return {
    sendgrid: variables.SENDGRID_WEBHOOK_KEY
      ? { verificationKey: variables.SENDGRID_WEBHOOK_KEY }
      : undefined,
    sendgridInbound: inboundOf(variables),
    twilio: token ? { authToken: token } : undefined,
    telegram: variables.TELEGRAM_WEBHOOK_SECRET
      ? { secretToken: variables.TELEGRAM_WEBHOOK_SECRET }
      : undefined,
  };
};

const inboundOf = ({
  SENDGRID_INBOUND_KEY: verificationKey,
  SENDGRID_INBOUND_SECRET: secret,
}: Variables): WebhooksConfig['sendgridInbound'] =>
  verificationKey || secret ? { verificationKey, secret } : undefined;

const smtpOf = (variables: Variables): ChannelsConfig['smtp'] =>
  variables.SMTP_HOST
    ? {
        host: variables.SMTP_HOST,
        port: variables.SMTP_PORT,
        secure: variables.SMTP_SECURE ?? variables.SMTP_PORT === 465,
        requireTls: variables.SMTP_REQUIRE_TLS,
        user: variables.SMTP_USER,
        password: variables.SMTP_PASSWORD,
      }
    : undefined;

const imapOf = (variables: Variables): ImapConfig | undefined => {
  const { IMAP_HOST: host, IMAP_USER: user, IMAP_PASSWORD: password, IMAP_PORT: port } = variables;
  if (!host || !user || !password) return undefined;
  return {
    host,
    port,
    secure: variables.IMAP_SECURE ?? port === 993,
    requireTls: variables.IMAP_REQUIRE_TLS,
    user,
    password,
    folder: variables.IMAP_FOLDER,
    organisationId: variables.IMAP_ORGANISATION,
  };
};

const twilioOf = ({
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: authToken,
  ...variables
}: Variables) =>
  accountSid && authToken
    ? {
        accountSid,
        authToken,
        apiKeySid: variables.TWILIO_API_KEY_SID,
        statusCallbackUrl: variables.TWILIO_STATUS_CALLBACK_URL,
        edge: variables.TWILIO_EDGE,
        region: variables.TWILIO_REGION,
        baseUrl: variables.TWILIO_BASE_URL,
      }
    : undefined;

/** The configuration of this process; beside a running `npm start`, that of its services. @throws {ConfigError} */
export const readConfig = (): Config => loadConfig({ ...localEnvironment(), ...process.env });
