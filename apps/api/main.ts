import { unconfiguredMedia } from '#channels/registry.js';
import { createWebhooks } from '#channels/webhooks.js';
import { ConfigError, readConfig } from '#config/config.js';
import type { Config } from '#config/config.js';
import { createLogger } from '#observability/logger.js';
import { startApi } from './bootstrap.js';
import type { ApiSettings } from './common/settings.js';

const GRACE_MS = 5_000;

const settingsOf = ({ api, channels, database, webhooks, worker }: Config): ApiSettings => ({
  host: api.host,
  port: api.port,
  rootKey: api.rootKey,
  publicUrl: api.publicUrl,
  webhooks: createWebhooks(webhooks),
  telegramBot: api.telegramBot,
  allowPrivateWebhooks: worker.allowPrivateWebhooks,
  unconfiguredMedia: unconfiguredMedia(channels),
  poolSize: database.poolSize,
  appDatabaseUrl: database.appUrl,
  systemDatabaseUrl: database.systemUrl,
});

const main = async (): Promise<void> => {
  const config = readConfig();
  const logger = createLogger({ name: 'api', level: config.logLevel, pretty: process.stdout.isTTY });
  const { url } = await startApi(settingsOf(config), logger);
  process.send?.('ready');
  logger.info(`API at ${url}/v1, its documentation at ${url}/docs`);
};

try {
  await main();
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof Error ? error.message : error);
  process.exitCode = 1;
  // Whatever a start that failed left open must not keep the process alive.
  setTimeout(() => process.exit(), GRACE_MS).unref();
}
