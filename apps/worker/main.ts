import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readConfig } from '#config/config.js';
import { createLogger } from '#observability/logger.js';
import { EngineService } from './engine.service.js';
import { WorkerModule } from './worker.module.js';

const main = async (): Promise<void> => {
  const config = readConfig();
  const logger = createLogger({ name: 'worker', level: config.logLevel, pretty: process.stdout.isTTY });
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, logger), {
    logger: false,
  });
  app.enableShutdownHooks();
  const { stopped } = await app.get(EngineService).start();
  logger.info('worker ready');
  process.send?.('ready');
  await stopped;
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
