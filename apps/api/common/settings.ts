import type { WebhookReader } from '#channels/receipt.js';
import type { MessageMedium } from '#domain/medium.js';

/** What the API needs of the configuration. */
export interface ApiSettings {
  host: string;
  /** 0: any free one. */
  port: number;
  /** The installation's key, which creates organisations; without it nobody can, over HTTP. */
  rootKey?: string;
  /** Connections of the app role at most; 10 unless given. */
  poolSize?: number;
  appDatabaseUrl: string;
  systemDatabaseUrl: string;
  /** Where providers reach it, without a slash at its end; they sign the address they call. */
  publicUrl?: string;
  /** Of the providers that are configured; none unless given. */
  webhooks?: readonly WebhookReader[];
  /** The user name of the Telegram bot that people write to, without @. */
  telegramBot?: string;
  /** Webhooks may lead into private networks, by plain http too; not unless given. */
  allowPrivateWebhooks?: boolean;
  /** Media that no provider carries: publishing in a live organisation warns of them. None unless given. */
  unconfiguredMedia?: readonly MessageMedium[];
}

export const SETTINGS = Symbol('ApiSettings');
export const LOGGER = Symbol('Logger');
